using Orleans.Storage;

namespace BTTInferGrid.Grains.Tests.Accounts;

/// <summary>A store that fails to write the records that the test names.</summary>
internal sealed class BreakableStorage(IGrainStorage inner) : IGrainStorage
{
    public const string Inner = "inner";

    public const string Reason = "The disk is full.";

    /// <summary>Name of the records whose writes fail; null for none.</summary>
    public string? Broken { get; set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        stateName == Broken
            ? throw new IOException(Reason)
            : inner.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ClearStateAsync(stateName, grainId, grainState);
}
