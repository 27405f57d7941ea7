using System.Data.Common;
using Orleans.Embedded.Directory;
using Orleans.Runtime;

namespace Orleans.Embedded.AdoNet;

/// <summary>The grain directory in PostgreSQL: a batch is one statement, with its requests in arrays.</summary>
internal sealed class PostgresGrainDirectory(Database database, string clusterId)
    : AdoNetGrainDirectory(database, clusterId)
{
    private const string Lookup =
        $"""
        select d.grain_id, d.silo, d.activation_id, d.membership_version from grain_directory d
        where d.cluster_id = @cluster and d.grain_id = any(@grains) and {HasLease}
        """;

    // Both statements that change rows lock them in the order of their ids, so that two batches never wait for each other.
    // What 'returning' says is evaluated when the row is ours: the token is higher than that of any activation before.
    private const string Register =
        $"""
        insert into grain_directory as d (cluster_id, grain_id, silo, activation_id, membership_version)
        select @cluster, r.* from unnest(@grains, @silos, @activations, @versions) as r (grain_id) order by r.grain_id
        on conflict (cluster_id, grain_id) do update
        set silo = excluded.silo, activation_id = excluded.activation_id,
            membership_version = excluded.membership_version
        where d.activation_id = excluded.activation_id or not {HasLease}
        returning grain_id, nextval('grain_fencing_token')
        """;

    private const string Remove =
        """
        with ended as (
            select d.grain_id from grain_directory d
            join unnest(@grains, @activations) as r (grain_id, activation_id)
                on d.grain_id = r.grain_id and d.activation_id = r.activation_id
            where d.cluster_id = @cluster order by d.grain_id for update of d)
        delete from grain_directory d using ended where d.cluster_id = @cluster and d.grain_id = ended.grain_id
        """;

    protected override Task<IReadOnlyList<GrainAddress?>> LookupAsync(IReadOnlyList<GrainId> grains)
    {
        string[] ids = [.. grains.Select(static grain => grain.ToString())];
        return LookupAsync(ids);
    }

    protected override async Task<IReadOnlyList<GrainRegistration?>> RegisterAsync(
        IReadOnlyList<GrainAddress> addresses)
    {
        var ids = IdsOf(addresses);
        var tokens = await Database.ChangeAsync(
            command => Fill(command, Register, ids)
                .Add("silos", addresses.Select(static address => address.SiloAddress!.ToParsableString()).ToArray())
                .Add("activations", addresses.Select(KeyOf).ToArray())
                .Add("versions", addresses.Select(static address => address.MembershipVersion.Value).ToArray()),
            static async reader =>
            {
                var tokens = new Dictionary<string, long>(StringComparer.Ordinal);
                while (await reader.ReadAsync())
                {
                    tokens.Add(reader.GetString(0), reader.GetInt64(1));
                }

                return tokens;
            },
            CancellationToken.None);
        var others = tokens.Count == ids.Length ? null : await LookupAsync(ids);
        return
        [
            .. ids.Select((id, i) => tokens.TryGetValue(id, out var token)
                ? new GrainRegistration(addresses[i], token)
                : others![i] is { } other ? new GrainRegistration(other, 0) : (GrainRegistration?)null),
        ];
    }

    protected override async Task<IReadOnlyList<bool>> RemoveAsync(IReadOnlyList<GrainAddress> addresses)
    {
        await Database.ChangeAsync(
            command => Fill(command, Remove, IdsOf(addresses)).Add("activations", addresses.Select(KeyOf).ToArray()),
            static reader => reader.ReadAsync(),
            CancellationToken.None);
        return new bool[addresses.Count];
    }

    private static string[] IdsOf(IReadOnlyList<GrainAddress> addresses)
    {
        return [.. addresses.Select(static address => address.GrainId.ToString())];
    }

    private async Task<IReadOnlyList<GrainAddress?>> LookupAsync(string[] ids)
    {
        var found = await Database.QueryAsync(
            command => Fill(command, Lookup, ids),
            static async reader =>
            {
                var rows = new Dictionary<string, GrainAddress>(StringComparer.Ordinal);
                while (await reader.ReadAsync())
                {
                    rows.Add(reader.GetString(0), ReadAddress(reader));
                }

                return rows;
            },
            CancellationToken.None);
        return [.. ids.Select(id => found.GetValueOrDefault(id))];
    }

    private DbCommand Fill(DbCommand command, string text, string[] ids)
    {
        command.CommandText = text;
        return command.Add("cluster", ClusterId).Add("grains", ids);
    }
}
