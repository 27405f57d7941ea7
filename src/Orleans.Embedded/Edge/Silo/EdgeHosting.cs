using Microsoft.Extensions.Options;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Manifest;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

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
