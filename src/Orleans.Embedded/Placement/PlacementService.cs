using Orleans.Embedded.Clustering;
using Orleans.Embedded.Manifest;
using Orleans.Runtime;

namespace Orleans.Embedded.Placement;

/// <summary>Chooses the silo for a grain that is not active.</summary>
internal sealed class PlacementService(LocalNode node, IClusterMembership membership, PlacementRandom random)
{
    /// <exception cref="SiloUnavailableException">No silo takes new grains.</exception>
    public SiloAddress Choose(GrainClass grainClass, GrainId grainId)
    {
        var active = membership.Current.Active;
        if (active.IsEmpty)
        {
            throw new SiloUnavailableException($"No active silo can take grain {grainId}.");
        }

        return grainClass.Placement switch
        {
            PreferLocalPlacement when active.Contains(node.Address) => node.Address,
            HashBasedPlacement => active[(int)(grainId.GetUniformHashCode() % (uint)active.Length)],
            _ => active[random.Next(active.Length)],
        };
    }
}
