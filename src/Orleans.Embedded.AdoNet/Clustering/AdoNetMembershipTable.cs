using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Orleans.Embedded.Clustering;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// The membership of a cluster in a database. Statuses change under the lock of the version's row, so that versions and
/// changes have one order. Renewals do not take it.
/// </summary>
internal sealed class AdoNetMembershipTable(Database database, string clusterId) : IMembershipTable, IDisposable
{
    private const string Version = "update cluster_version set version = version + 1 where cluster_id = @cluster and ";
    private const string ThisSilo = "cluster_id = @cluster and silo = @silo";

    private readonly string _read =
        $"""
        select v.version, s.silo, s.status, s.name, {database.UnixMilliseconds("s.joined_at")}, s.metadata
        from cluster_version v left join cluster_silo s on s.cluster_id = v.cluster_id
        where v.cluster_id = @cluster
        """;

    private const string SetStatus =
        $"""
        {Version} exists (select 1 from cluster_silo
            where {ThisSilo} and incarnation = @incarnation and status < @status);
        update cluster_silo set status = @status where {ThisSilo} and incarnation = @incarnation and status < @status;
        """;

    // Takes the lock.
    private const string Begin = "update cluster_version set version = version where cluster_id = @cluster;";

    private const string Prepare =
        "insert into cluster_version (cluster_id, version) values (@cluster, 0) on conflict do nothing";

    private readonly string _poll =
        $"""
        select v.version, (select 1 from cluster_lease where {ThisSilo}),
            l.silo, l.renewal, {database.SecondsSince("l.renewed_at")}, l.expires_at <= {database.Now}
        from cluster_version v left join cluster_lease l
            on l.cluster_id = v.cluster_id and l.silo <> @silo and l.renewed_at <= {database.Now} - @late
        where v.cluster_id = @cluster
        """;

    private const string GiveLeaseBack = $"delete from cluster_lease where {ThisSilo};";

    private readonly string _takeLease =
        $"delete from cluster_lease where {ThisSilo} and (expires_at <= {database.Now} or renewal = @renewal);";

    private readonly string _renew =
        $"""
        update cluster_lease set renewal = renewal + 1, renewed_at = {database.Now}, expires_at = {database.Now} + @lease
        where {ThisSilo};
        """;

    private readonly string _join =
        $"""
        insert into cluster_silo (cluster_id, silo, name, incarnation, status, joined_at, changed_at, metadata)
        select @cluster, @silo, @name, @incarnation, @status, {database.Now}, {database.Now}, @metadata
        where not exists (select 1 from cluster_lease where cluster_id = @cluster and endpoint = @endpoint)
        on conflict do nothing;
        {Version} exists (select 1 from cluster_silo s where {ThisSilo} and incarnation = @incarnation
            and status < @dead and not exists (select 1 from cluster_lease where {ThisSilo}));
        insert into cluster_lease (cluster_id, silo, endpoint, renewal, renewed_at, expires_at)
        select cluster_id, silo, @endpoint, 0, {database.Now}, {database.Now} + @lease from cluster_silo
        where {ThisSilo} and incarnation = @incarnation and status < @dead
        on conflict do nothing;
        select l.silo, l.renewal, {database.SecondsSince("l.renewed_at")}, l.expires_at <= {database.Now},
            s.incarnation = @incarnation
        from cluster_lease l join cluster_silo s on s.cluster_id = l.cluster_id and s.silo = l.silo
        where l.cluster_id = @cluster and l.endpoint = @endpoint;
        """;

    // A silo without a lease is dead: what takes the lease away declares it so.
    private readonly string _declareDead =
        $"""
        {Version} exists (select 1 from cluster_silo where {ThisSilo} and status < @dead
            and not exists (select 1 from cluster_lease where {ThisSilo}));
        update cluster_silo set status = @dead, changed_at = {database.Now}
        where {ThisSilo} and status < @dead and not exists (select 1 from cluster_lease where {ThisSilo})
        returning silo;
        """;

    private readonly string _forgetDead =
        $"""
        delete from cluster_silo
        where cluster_id = @cluster and status = @dead and changed_at < {database.Now} - @age
        """;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await database.CreateSchemaAsync(cancellationToken);
        await ChangeAsync(Prepare, string.Empty, static _ => { }, cancellationToken);
    }

    public Task<MembershipView> ReadAsync(CancellationToken cancellationToken)
    {
        return database.QueryAsync(
            command => Fill(command, _read, string.Empty), ReadViewAsync, cancellationToken);
    }

    public Task<TableReading> PollAsync(TimeSpan lateAfter, CancellationToken cancellationToken)
    {
        return database.QueryAsync(
            command => Fill(command, _poll, string.Empty).Add("late", database.Duration(lateAfter)),
            ReadPollAsync,
            cancellationToken);
    }

    public Task<TableReading> RenewAsync(
        SiloAddress silo, TimeSpan lease, TimeSpan lateAfter, CancellationToken cancellationToken)
    {
        return database.ChangeAsync(
            command => Fill(command, _renew + _poll, silo.ToParsableString())
                .Add("late", database.Duration(lateAfter))
                .Add("lease", database.Duration(lease)),
            ReadPollAsync,
            cancellationToken);
    }

    public Task<SiloLease?> JoinAsync(LocalNode silo, TimeSpan lease, CancellationToken cancellationToken)
    {
        return database.ChangeAsync(
            command => Fill(command, Begin + _join, silo.Address.ToParsableString())
                .Add("endpoint", silo.Address.Endpoint.ToString())
                .Add("name", silo.Name)
                .Add("incarnation", silo.Incarnation)
                .Add("metadata", JsonSerializer.Serialize(silo.Metadata.Metadata))
                .Add("status", (short)SiloStatus.Joining)
                .Add("lease", database.Duration(lease)),
            ReadLeaseAsync,
            cancellationToken);
    }

    public Task SetStatusAsync(LocalNode silo, SiloStatus status, CancellationToken cancellationToken)
    {
        return ChangeAsync(
            Begin + SetStatus,
            silo.Address.ToParsableString(),
            command => command.Add("incarnation", silo.Incarnation).Add("status", (short)status),
            cancellationToken);
    }

    public Task<bool> TryDeclareDeadAsync(SiloAddress silo, long? lastRenewal, CancellationToken cancellationToken)
    {
        return database.ChangeAsync(
            command => Fill(command, Begin + _takeLease + _declareDead, silo.ToParsableString())
                .Add("renewal", lastRenewal ?? -1),
            static reader => reader.ReadAsync(),
            cancellationToken);
    }

    public Task LeaveAsync(SiloAddress silo, CancellationToken cancellationToken)
    {
        return ChangeAsync(
            Begin + GiveLeaseBack + _declareDead, silo.ToParsableString(), static _ => { }, cancellationToken);
    }

    public Task ForgetDeadAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        return ChangeAsync(
            _forgetDead, string.Empty, command => command.Add("age", database.Duration(age)), cancellationToken);
    }

    public void Dispose()
    {
        database.Dispose();
    }

    private static async Task<MembershipView> ReadViewAsync(DbDataReader reader)
    {
        var version = MembershipVersion.MinValue;
        var members = ImmutableDictionary.CreateBuilder<SiloAddress, SiloStatus>();
        var info = ImmutableDictionary.CreateBuilder<SiloAddress, SiloInfo>();
        while (await reader.ReadAsync())
        {
            version = new MembershipVersion(reader.GetInt64(0));
            if (!await reader.IsDBNullAsync(1))
            {
                var silo = SiloAddress.FromParsableString(reader.GetString(1));
                members.Add(silo, (SiloStatus)reader.GetInt32(2));
                info.Add(silo, ReadInfo(reader));
            }
        }

        return new MembershipView(version, members.ToImmutable(), info.ToImmutable());
    }

    private static SiloInfo ReadInfo(DbDataReader reader)
    {
        var metadata = JsonSerializer.Deserialize<ImmutableDictionary<string, string>>(reader.GetString(5))!;
        return new SiloInfo(
            reader.GetString(3),
            DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)).UtcDateTime,
            new SiloMetadata { Metadata = metadata });
    }

    private static async Task<TableReading> ReadPollAsync(DbDataReader reader)
    {
        var version = MembershipVersion.MinValue;
        var hasLease = false;
        var late = new List<SiloLease>();
        while (await reader.ReadAsync())
        {
            version = new MembershipVersion(reader.GetInt64(0));
            hasLease = !await reader.IsDBNullAsync(1);
            if (!await reader.IsDBNullAsync(2))
            {
                late.Add(ReadLease(reader, 2));
            }
        }

        return new TableReading(version, hasLease, late);
    }

    private static async Task<SiloLease?> ReadLeaseAsync(DbDataReader reader)
    {
        return await reader.ReadAsync() ? ReadLease(reader, 0) with { IsOwn = reader.GetBoolean(4) } : null;
    }

    private static SiloLease ReadLease(DbDataReader reader, int first)
    {
        return new SiloLease(
            SiloAddress.FromParsableString(reader.GetString(first)),
            reader.GetInt64(first + 1),
            TimeSpan.FromSeconds(reader.GetDouble(first + 2)),
            reader.GetBoolean(first + 3));
    }

    private DbCommand Fill(DbCommand command, string text, string silo)
    {
        command.CommandText = text;
        return command.Add("cluster", clusterId).Add("silo", silo).Add("dead", (short)SiloStatus.Dead);
    }

    private Task<bool> ChangeAsync(string text, string silo, Action<DbCommand> add, CancellationToken cancellationToken)
    {
        return database.ChangeAsync(
            command => add(Fill(command, text, silo)), static reader => reader.ReadAsync(), cancellationToken);
    }
}
