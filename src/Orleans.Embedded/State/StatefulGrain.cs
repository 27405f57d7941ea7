using Orleans.Core;
using Orleans.Embedded.Activations;
using Orleans.Embedded.State;

namespace Orleans;

/// <summary>
/// A grain with one stored record, named "state", in the store that <see cref="Providers.StorageProviderAttribute"/>
/// names, or in the default one. It is read before the grain activates.
/// </summary>
/// <typeparam name="TGrainState">The type of the value, with a public constructor that takes nothing.</typeparam>
public class Grain<TGrainState> : Grain, IActivationState
{
    private IStorage<TGrainState>? _storage;

    /// <summary>Binds the grain to the activation that is creating it.</summary>
    protected Grain()
    {
    }

    /// <summary>Gives the grain a record, for tests of the class without a silo.</summary>
    /// <param name="storage">The record.</param>
    protected Grain(IStorage<TGrainState> storage)
    {
        _storage = storage;
    }

    /// <summary>The value in memory; it is stored only by <see cref="WriteStateAsync"/>.</summary>
    protected TGrainState State
    {
        get => Storage.State;
        set => Storage.State = value;
    }

    private IStorage<TGrainState> Storage => _storage ?? throw new InvalidOperationException(
        $"The state of {GetType().Name} is not read yet: use it in OnActivateAsync or later, not in the constructor.");

    /// <inheritdoc cref="IStorage.ClearStateAsync()" />
    protected virtual Task ClearStateAsync()
    {
        return Storage.ClearStateAsync();
    }

    /// <inheritdoc cref="IStorage.WriteStateAsync()" />
    protected virtual Task WriteStateAsync()
    {
        return Storage.WriteStateAsync();
    }

    /// <inheritdoc cref="IStorage.ReadStateAsync()" />
    protected virtual Task ReadStateAsync()
    {
        return Storage.ReadStateAsync();
    }

    Task IActivationState.ReadStateAsync()
    {
        _storage ??= PersistentState<TGrainState>.OfGrain(GetType(), (Activation)GrainContext);
        return ReadStateAsync();
    }
}
