using System.Data.Common;
using System.Globalization;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.State;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// A store of grain records in a database. A record is one row, its version the ETag; each change is one statement that
/// does nothing unless the version is the one the writer knew. A cleared record keeps its row, so that no version comes
/// twice. In the database of its cluster, a change also does nothing unless the writing silo has its lease.
/// </summary>
internal sealed class AdoNetGrainStorage(Database database, string serviceId, int initStage, LocalNode node)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const string ThisRow = "where service_id = @service and grain_id = @grain and state_name = @name";
    private const string Read = $"select version, payload from grain_state {ThisRow}";
    private const string HasLease = "exists (select 1 from cluster_lease where cluster_id = @cluster and silo = @silo";

    private const string KnowsSilo =
        "select 1 from cluster_silo where cluster_id = @cluster and silo = @silo and incarnation = @incarnation";

    private string _mayWrite = "true";
    private string _mayWriteNow = "true";

    private string Insert =>
        $"""
        insert into grain_state (service_id, grain_id, state_name, version, payload)
        select @service, @grain, @name, 1, @payload where {_mayWriteNow}
        on conflict (service_id, grain_id, state_name) do nothing
        returning version
        """;

    private string Update =>
        $"""
        update grain_state set version = version + 1, payload = @payload, modified_at = current_timestamp
        {ThisRow} and version = @version and {_mayWriteNow}
        returning version
        """;

    private string Clear =>
        $"""
        update grain_state set version = version + 1, payload = null, modified_at = current_timestamp
        {ThisRow} and version = @version and {_mayWriteNow}
        returning version
        """;

    private string WhyNot => $"select (select version from grain_state {ThisRow}), {_mayWrite}";

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<AdoNetGrainStorage>(initStage, InitializeAsync);
    }

    /// <summary>Makes the tables, and finds out whether the database is that of the silo's cluster.</summary>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await database.CreateSchemaAsync(cancellationToken);
        var knowsSilo = await database.QueryAsync(
            command =>
            {
                command.CommandText = KnowsSilo;
                AddSilo(command).Add("incarnation", node.Incarnation);
            },
            reader => reader.ReadAsync(cancellationToken),
            cancellationToken);
        if (knowsSilo)
        {
            _mayWrite = $"{HasLease})";

            // Until the write is done nobody takes the lease away.
            _mayWriteNow = $"{HasLease} {database.ForKeyShare})";
        }
    }

    public void Dispose()
    {
        database.Dispose();
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (version, payload) = await database.QueryAsync<(long?, byte[]?)>(
            command => Prepare(command, Read, stateName, grainId),
            static async reader => await reader.ReadAsync()
                ? (reader.GetInt64(0), await reader.IsDBNullAsync(1) ? null : (byte[])reader.GetValue(1))
                : (null, null),
            CancellationToken.None);
        grainState.State = payload is null ? GrainStateFactory.Create<T>() : StateJson.Deserialize<T>(payload);
        grainState.ETag = ETagOf(version);
        grainState.RecordExists = payload is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var payload = StateJson.Serialize(grainState.State);
        grainState.ETag = await ChangeAsync(
            stateName, grainId, grainState.ETag, grainState.ETag is null ? Insert : Update, payload);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is null)
        {
            await CheckAsync(stateName, grainId, null);
        }
        else
        {
            grainState.ETag = await ChangeAsync(stateName, grainId, grainState.ETag, Clear, payload: null);
        }

        grainState.State = GrainStateFactory.Create<T>();
        grainState.RecordExists = false;
    }

    private static string? ETagOf(long? version)
    {
        return version?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Makes a change and returns the new version, or throws the reason why it was not made.</summary>
    private async Task<string> ChangeAsync(
        string stateName, GrainId grainId, string? knownETag, string change, byte[]? payload)
    {
        var made = await database.QueryAsync(
            command =>
            {
                AddSilo(Prepare(command, change, stateName, grainId));
                if (payload is not null)
                {
                    command.Add("payload", payload);
                }

                if (knownETag is not null)
                {
                    // A text that is no version is none that is stored.
                    command.Add(
                        "version", long.TryParse(knownETag, CultureInfo.InvariantCulture, out var known) ? known : 0);
                }
            },
            static async reader => await reader.ReadAsync() ? reader.GetInt64(0) : (long?)null,
            CancellationToken.None);
        if (made is null)
        {
            await CheckAsync(stateName, grainId, knownETag);
            throw Conflict(stateName, grainId, knownETag, knownETag);
        }

        return ETagOf(made)!;
    }

    /// <exception cref="SiloFencedException">The silo has no lease.</exception>
    /// <exception cref="InconsistentStateException">The stored version is another one.</exception>
    private async Task CheckAsync(string stateName, GrainId grainId, string? knownETag)
    {
        var (stored, mayWrite) = await database.QueryAsync(
            command => AddSilo(Prepare(command, WhyNot, stateName, grainId)),
            static async reader =>
            {
                await reader.ReadAsync();
                return (await reader.IsDBNullAsync(0) ? (long?)null : reader.GetInt64(0), reader.GetBoolean(1));
            },
            CancellationToken.None);
        if (!mayWrite)
        {
            throw new SiloFencedException(
                $"State '{stateName}' of grain {grainId} was not stored: silo {node.Address} was declared dead.");
        }

        if (!string.Equals(ETagOf(stored), knownETag, StringComparison.Ordinal))
        {
            throw Conflict(stateName, grainId, ETagOf(stored), knownETag);
        }
    }

    private static InconsistentStateException Conflict(
        string stateName, GrainId grainId, string? stored, string? known)
    {
        return new InconsistentStateException(
            $"State '{stateName}' of grain {grainId} was changed by another writer: the stored version is "
            + $"{stored ?? "none"}, the writer knew {known ?? "none"}. Read it again.",
            stored,
            known);
    }

    private DbCommand Prepare(DbCommand command, string text, string stateName, GrainId grainId)
    {
        command.CommandText = text;
        return command.Add("service", serviceId).Add("grain", grainId.ToString()).Add("name", stateName);
    }

    private DbCommand AddSilo(DbCommand command)
    {
        return command.Add("cluster", node.ClusterId).Add("silo", node.Address.ToParsableString());
    }
}
