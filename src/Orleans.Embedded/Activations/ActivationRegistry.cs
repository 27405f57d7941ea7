using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Embedded.Activations;

/// <summary>The activations of this silo by grain.</summary>
internal sealed class ActivationRegistry
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();

    public bool IsEmpty => _activations.IsEmpty;

    public IEnumerable<Activation> All => _activations.Values;

    public bool TryGet(GrainId grainId, [NotNullWhen(true)] out Activation? activation)
    {
        return _activations.TryGetValue(grainId, out activation);
    }

    public bool TryAdd(Activation activation)
    {
        return _activations.TryAdd(activation.GrainId, activation);
    }

    public void Remove(Activation activation)
    {
        _activations.TryRemove(new KeyValuePair<GrainId, Activation>(activation.GrainId, activation));
    }
}
