using System.Globalization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace BTTInferGrid.Grains.Storage;

/// <summary>
/// Keeps the state of grains in a <see cref="StateFile"/>. A record's key is the whole <see cref="GrainId"/> and the name of
/// the state, its ETag the record's version. A cleared record stays as an empty row, so that its version goes on: an
/// activation from before cannot write over what came after.
/// </summary>
internal sealed class SqliteGrainStorage(string path, IGrainStorageSerializer serializer, IActivatorProvider activators)
    : HostPreparation, IGrainStorage, IDisposable
{
    private StateFile? _file;

    private StateFile File => _file ?? throw new InvalidOperationException("The silo has not started, or has stopped.");

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await File.ReadAsync(KeyOf(stateName, grainId));
        grainState.State = stored is { Data: { } data } ? serializer.Deserialize<T>(new BinaryData(data)) : Empty<T>();
        grainState.RecordExists = stored?.Data is not null;
        grainState.ETag = stored is { Version: var version } ? TagOf(version) : null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await WriteAsync(stateName, grainId, grainState, serializer.Serialize(grainState.State).ToArray());
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Of what was never stored there is nothing to clear, and no row is to be left.
        if (grainState.ETag is not null || await File.ReadAsync(KeyOf(stateName, grainId)) is not null)
        {
            await WriteAsync(stateName, grainId, grainState, data: null);
        }

        grainState.State = Empty<T>();
        grainState.RecordExists = false;
    }

    /// <summary>Opens the file.</summary>
    /// <exception cref="StateFileException">It cannot be used.</exception>
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        _file = StateFile.Open(path);
        return Task.CompletedTask;
    }

    /// <summary>Completes the writes under way, and closes the file. A container that has several names for this does so more than once.</summary>
    public void Dispose() => Interlocked.Exchange(ref _file, null)?.Dispose();

    private static string KeyOf(string stateName, GrainId grainId) => $"{grainId}/{stateName}";

    private static string TagOf(long version) => version.ToString(CultureInfo.InvariantCulture);

    private async Task WriteAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, byte[]? data)
    {
        long? expected = grainState.ETag is { } tag ? long.Parse(tag, NumberStyles.None, CultureInfo.InvariantCulture) : null;
        grainState.ETag = await File.WriteAsync(KeyOf(stateName, grainId), expected, data) is { Version: var version }
            ? TagOf(version)
            : throw new InconsistentStateException(
                $"State '{stateName}' of {grainId} was written by another activation.", "unknown", grainState.ETag);
    }

    private T Empty<T>() => activators.GetActivator<T>().Create();
}
