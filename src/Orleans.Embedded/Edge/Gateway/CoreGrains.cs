using System.Diagnostics.CodeAnalysis;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The grains of a core silo: its activations, and the grains of the edge silos that are connected to it. A grain of an edge
/// silo is never activated here.
/// </summary>
internal sealed class CoreGrains(Catalog catalog, EdgeSessions sessions) : ILocalGrains
{
    public bool IsStopping => catalog.IsStopping;

    public bool TryGet(GrainId grainId, [NotNullWhen(true)] out IRequestTarget? target)
    {
        if (catalog.TryGet(grainId, out var activation))
        {
            target = activation;
            return true;
        }

        target = EdgeGrainType.Is(grainId.Type) ? sessions.Find(grainId.Key) : null;
        return target is not null;
    }

    public bool TryGetOrCreate(GrainId grainId, [NotNullWhen(true)] out IRequestTarget? target)
    {
        if (EdgeGrainType.Is(grainId.Type))
        {
            return TryGet(grainId, out target);
        }

        var isThere = catalog.TryGetOrCreate(grainId, out var activation);
        target = activation;
        return isThere;
    }

    public void OnSuperseded(GrainId grainId)
    {
        sessions.Find(grainId.Key)?.Recheck();
    }
}
