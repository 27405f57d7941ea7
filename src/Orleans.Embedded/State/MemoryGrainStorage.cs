using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.State;

/// <summary>A store of grain records in memory, shared by the silos of a cluster in this process.</summary>
internal sealed class MemoryGrainStorage(MemoryRecords records) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var record = records.Read((stateName, grainId));
        grainState.State = record is null ? GrainStateFactory.Create<T>() : StateJson.Deserialize<T>(record.Value);
        grainState.ETag = record?.ETag;
        grainState.RecordExists = record is not null;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = records.Write((stateName, grainId), grainState.ETag, StateJson.Serialize(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        records.Remove((stateName, grainId), grainState.ETag);
        grainState.State = GrainStateFactory.Create<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }
}
