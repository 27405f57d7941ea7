using Orleans.Runtime;

namespace Orleans.Placement;

/// <summary>Chooses how silos are found for new activations of a grain class.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute : Attribute
{
    /// <summary>Names the strategy.</summary>
    /// <param name="placement">The strategy, as its director gets it.</param>
    protected PlacementAttribute(PlacementStrategy placement)
    {
        PlacementStrategy = placement;
    }

    /// <summary>The strategy.</summary>
    public PlacementStrategy PlacementStrategy { get; }
}

/// <summary>Any active silo, at random.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class RandomPlacementAttribute() : PlacementAttribute(RandomPlacement.Singleton)
{
}

/// <summary>The silo that the first request comes from, or any active silo if that one hosts no grains.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class PreferLocalPlacementAttribute() : PlacementAttribute(PreferLocalPlacement.Singleton)
{
}

/// <summary>The active silo that the grain's id hashes to.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class HashBasedPlacementAttribute() : PlacementAttribute(HashBasedPlacement.Singleton)
{
}
