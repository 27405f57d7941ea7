using Orleans.Embedded.Placement;
using Orleans.Runtime;

namespace Orleans.Embedded.Manifest;

/// <summary>
/// A grain class with what its attributes say. The collection age is null where the silo's holds, and infinite where
/// activations are kept.
/// </summary>
internal sealed record GrainClass(
    Type Type,
    GrainType GrainType,
    Type[] Interfaces,
    PlacementStrategy Placement,
    bool IsReentrant,
    TimeSpan? CollectionAge)
{
    /// <summary>Whether somebody else than the runtime chooses silos for new activations.</summary>
    public bool HasDirector { get; } =
        Placement is not (RandomPlacement or PreferLocalPlacement or HashBasedPlacement or KeyedSiloPlacement);
}
