using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace Orleans.Embedded.Activations;

/// <summary>The activations of this silo by grain.</summary>
internal sealed class ActivationRegistry
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<ActivationId, Activation> _leaving = new();

    /// <summary>Whether no activation is left, not even one that still sends its requests on.</summary>
    public bool IsEmpty => _activations.IsEmpty && _leaving.IsEmpty;

    /// <summary>The activations that take requests; walking them takes no lock.</summary>
    public IEnumerable<Activation> Active => _activations.Select(static pair => pair.Value);

    public IEnumerable<Activation> All => _activations.Values.Concat(_leaving.Values);

    public bool TryGet(GrainId grainId, [NotNullWhen(true)] out Activation? activation)
    {
        return _activations.TryGetValue(grainId, out activation);
    }

    public bool TryAdd(Activation activation)
    {
        return _activations.TryAdd(activation.GrainId, activation);
    }

    /// <summary>Makes room for the next activation of the grain; <see cref="Forget"/> follows.</summary>
    public void Remove(Activation activation)
    {
        _leaving[activation.ActivationId] = activation;
        _activations.TryRemove(new KeyValuePair<GrainId, Activation>(activation.GrainId, activation));
    }

    /// <summary>The activation has nothing left to do.</summary>
    public void Forget(Activation activation)
    {
        _leaving.TryRemove(activation.ActivationId, out _);
        activation.SetDeactivated();
    }
}
