namespace Orleans.Runtime.Placement;

/// <summary>What a director knows of the cluster.</summary>
public interface IPlacementContext
{
    /// <summary>The silo that places.</summary>
    SiloAddress LocalSilo { get; }

    /// <summary>The status of the silo that places.</summary>
    SiloStatus LocalSiloStatus { get; }

    /// <summary>The silos that can have the grain: all active ones, in an order that all silos agree on.</summary>
    /// <param name="target">The grain.</param>
    SiloAddress[] GetCompatibleSilos(PlacementTarget target);

    /// <summary>The silos that can have the grain by interface version; all have version 0.</summary>
    /// <param name="target">The grain.</param>
    IReadOnlyDictionary<ushort, SiloAddress[]> GetCompatibleSilosWithVersions(PlacementTarget target);
}
