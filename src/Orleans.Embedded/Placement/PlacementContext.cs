using Orleans.Embedded.Clustering;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Orleans.Embedded.Placement;

/// <summary>The cluster as it was when a placement began.</summary>
internal sealed class PlacementContext(SiloAddress local, MembershipView view) : IPlacementContext
{
    public SiloAddress LocalSilo => local;

    public SiloStatus LocalSiloStatus => view.StatusOf(local);

    public SiloAddress[] GetCompatibleSilos(PlacementTarget target)
    {
        return [.. view.Active];
    }

    public IReadOnlyDictionary<ushort, SiloAddress[]> GetCompatibleSilosWithVersions(PlacementTarget target)
    {
        return new Dictionary<ushort, SiloAddress[]> { [0] = GetCompatibleSilos(target) };
    }
}
