using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Activations;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded.State;

/// <summary>A stored record of one activation, as the runtime reads it before the grain activates.</summary>
internal interface IActivationState
{
    Task ReadStateAsync();
}

/// <summary>A stored record of one activation.</summary>
internal sealed class PersistentState<T>(string name, IGrainStorage storage, Activation activation)
    : IPersistentState<T>, IActivationState
{
    private readonly GrainState<T> _record = new(GrainStateFactory.Create<T>());

    /// <summary>The record of a class derived from <see cref="Grain{TGrainState}"/>.</summary>
    public static PersistentState<T> OfGrain(Type grainClass, Activation activation)
    {
        var store = grainClass.GetCustomAttribute<StorageProviderAttribute>()?.ProviderName;
        return Open("state", store, activation);
    }

    /// <exception cref="BadProviderConfigException">There is no such store.</exception>
    public static PersistentState<T> Open(string stateName, string? storageName, Activation activation)
    {
        storageName ??= ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME;
        var storage = activation.Host.Services.GetKeyedService<IGrainStorage>(storageName)
            ?? throw new BadProviderConfigException(
                $"Grain {activation.GrainId} stores '{stateName}' in '{storageName}', and no grain storage of "
                + "that name is registered. Register one, for example by AddMemoryGrainStorage.");
        return new PersistentState<T>(stateName, storage, activation);
    }

    public T State
    {
        get => _record.State!;
        set => _record.State = value;
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _record.RecordExists;

    private string Name => name;

    private IGrainStorage Storage => storage;

    private GrainId GrainId => activation.GrainId;

    public Task ReadStateAsync()
    {
        return RunAsync(static self => self.Storage.ReadStateAsync(self.Name, self.GrainId, self._record));
    }

    public Task WriteStateAsync()
    {
        CheckFence();
        return RunAsync(static self => self.Storage.WriteStateAsync(self.Name, self.GrainId, self._record));
    }

    public Task ClearStateAsync()
    {
        CheckFence();
        return RunAsync(static self => self.Storage.ClearStateAsync(self.Name, self.GrainId, self._record));
    }

    private void CheckFence()
    {
        if (activation.Host.Fence.IsUp)
        {
            throw new SiloFencedException(
                $"State '{name}' of grain {GrainId} was not stored: silo {activation.Address.SiloAddress} cannot prove "
                + "that it is a member of its cluster.");
        }
    }

    /// <summary>Notes in a conflict whose it was: if it escapes the grain's request, this activation ends.</summary>
    private async Task RunAsync(Func<PersistentState<T>, Task> operation)
    {
        try
        {
            await operation(this);
        }
        catch (InconsistentStateException conflict)
        {
            conflict.SourceActivation = activation.ActivationId;
            throw;
        }
    }
}
