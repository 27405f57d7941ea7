using System.Diagnostics.CodeAnalysis;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>The grains of an edge silo: those it hosts, with its identity as their key, and no others.</summary>
internal sealed class EdgeGrains(Catalog catalog, EdgeHosting hosting) : ILocalGrains
{
    public bool IsStopping => catalog.IsStopping;

    public bool TryGet(GrainId grainId, [NotNullWhen(true)] out IRequestTarget? target)
    {
        var isThere = catalog.TryGet(grainId, out var activation);
        target = activation;
        return isThere;
    }

    public bool TryGetOrCreate(GrainId grainId, [NotNullWhen(true)] out IRequestTarget? target)
    {
        if (!hosting.IsOwn(grainId))
        {
            throw EdgeErrors.NotConnected(grainId);
        }

        var isThere = catalog.TryGetOrCreate(grainId, out var activation);
        target = activation;
        return isThere;
    }

    public void OnSuperseded(GrainId grainId)
    {
    }
}
