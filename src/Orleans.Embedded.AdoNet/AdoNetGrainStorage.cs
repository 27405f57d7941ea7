using System.Data;
using System.Data.Common;
using System.Globalization;
using Orleans.Embedded.State;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// A store of grain records in a database. A record is one row, its version the ETag; each change is one statement that
/// does nothing unless the version is the one the writer knew. A cleared record keeps its row, so that no version comes
/// twice.
/// </summary>
internal sealed class AdoNetGrainStorage(StateDatabase database, string serviceId, int initStage)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const string ThisRow = "where service_id = @service and grain_id = @grain and state_name = @name";
    private const string Read = $"select version, payload from grain_state {ThisRow}";
    private const string ReadVersion = $"select version from grain_state {ThisRow}";

    private const string Insert =
        """
        insert into grain_state (service_id, grain_id, state_name, version, payload)
        values (@service, @grain, @name, 1, @payload)
        on conflict (service_id, grain_id, state_name) do nothing
        returning version
        """;

    private const string Update =
        $"""
        update grain_state set version = version + 1, payload = @payload, modified_at = current_timestamp
        {ThisRow} and version = @version
        returning version
        """;

    private const string Clear =
        $"""
        update grain_state set version = version + 1, payload = null, modified_at = current_timestamp
        {ThisRow} and version = @version
        returning version
        """;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<AdoNetGrainStorage>(initStage, database.CreateSchemaAsync);
    }

    public void Dispose()
    {
        database.Dispose();
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (version, payload) = await database.RunAsync<(long?, byte[]?)>(async connection =>
        {
            await using var command = Command(connection, Read, stateName, grainId);
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow);
            return await reader.ReadAsync()
                ? (reader.GetInt64(0), await reader.IsDBNullAsync(1) ? null : (byte[])reader.GetValue(1))
                : (null, null);
        });
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
        grainState.ETag = grainState.ETag is null
            ? await CheckAbsentAsync(stateName, grainId)
            : await ChangeAsync(stateName, grainId, grainState.ETag, Clear, payload: null);
        grainState.State = GrainStateFactory.Create<T>();
        grainState.RecordExists = false;
    }

    private static string? ETagOf(long? version)
    {
        return version?.ToString(CultureInfo.InvariantCulture);
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
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

    /// <summary>Makes a change and returns the new version, or throws if the stored one is not the one known.</summary>
    private async Task<string> ChangeAsync(
        string stateName, GrainId grainId, string? knownETag, string change, byte[]? payload)
    {
        var (changed, stored) = await database.RunAsync(async connection =>
        {
            await using var command = Command(connection, change, stateName, grainId);
            if (payload is not null)
            {
                Add(command, "payload", payload);
            }

            if (knownETag is not null)
            {
                // A text that is no version is none that is stored.
                Add(command, "version", long.TryParse(knownETag, CultureInfo.InvariantCulture, out var known) ? known : 0);
            }

            var version = await command.ExecuteScalarAsync();
            return version is long made
                ? (made, null)
                : ((long?)null, await VersionAsync(connection, stateName, grainId));
        });
        return ETagOf(changed) ?? throw Conflict(stateName, grainId, ETagOf(stored), knownETag);
    }

    private async Task<string?> CheckAbsentAsync(string stateName, GrainId grainId)
    {
        var stored = await database.RunAsync(connection => VersionAsync(connection, stateName, grainId));
        return stored is null ? null : throw Conflict(stateName, grainId, ETagOf(stored), null);
    }

    private async Task<long?> VersionAsync(DbConnection connection, string stateName, GrainId grainId)
    {
        await using var command = Command(connection, ReadVersion, stateName, grainId);
        return await command.ExecuteScalarAsync() as long?;
    }

    private DbCommand Command(DbConnection connection, string text, string stateName, GrainId grainId)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        Add(command, "service", serviceId);
        Add(command, "grain", grainId.ToString());
        Add(command, "name", stateName);
        return command;
    }
}
