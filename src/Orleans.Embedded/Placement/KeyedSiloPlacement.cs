using Orleans.Embedded.Clustering;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded.Placement;

/// <summary>The silo whose address is the grain's key, and no other.</summary>
internal sealed class KeyedSiloPlacement : PlacementStrategy
{
    public static KeyedSiloPlacement Singleton { get; } = new();

    /// <exception cref="SiloUnavailableException">The key is no active silo's address.</exception>
    public static SiloAddress Choose(GrainId grain, MembershipView view)
    {
        return SiloAddress.TryParse(grain.Key.ToString(), out var silo) && view.Active.Contains(silo)
            ? silo
            : throw new SiloUnavailableException($"Silo {grain.Key} is not active.");
    }
}

/// <summary>Places the grains of a class by <see cref="KeyedSiloPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class KeyedSiloPlacementAttribute() : PlacementAttribute(KeyedSiloPlacement.Singleton)
{
}
