using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>The grains of an edge silo: those it hosts, with its identity as their key, and no others.</summary>
internal sealed class EdgeGrains(
    Catalog catalog, EdgeHosting hosting) : ILocalGrains
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

/// <summary>Which grains an edge silo hosts.</summary>
internal sealed class EdgeHosting
{
    private readonly IdSpan _identity;
    private readonly HashSet<GrainType> _types = [];

    public EdgeHosting(LocalNode node, GrainManifestIndex manifest, IOptions<EdgeSiloOptions> options)
    {
        _identity = IdSpan.Create(node.Name);
        foreach (var type in options.Value.Hosted)
        {
            var described = manifest.InterfaceOf(type);
            var grainType = described.IsEdgeHosted ? EdgeGrainType.Of(described) : throw new OrleansConfigurationException(
                $"{type} is not marked [EdgeHosted], so an edge silo cannot host it.");
            _ = manifest.FindClass(grainType) ?? throw new OrleansConfigurationException(
                $"No grain class implements {type}, so the edge silo cannot host it.");
            _types.Add(grainType);
            Names.Add(described.Name.ToString());
        }
    }

    /// <summary>The names of the interfaces.</summary>
    public List<string> Names { get; } = [];

    public bool IsOwn(GrainId grain)
    {
        return _types.Contains(grain.Type) && grain.Key == _identity;
    }
}
