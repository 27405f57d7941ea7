namespace Orleans.Runtime;

/// <summary>How a silo is chosen for a new activation.</summary>
public abstract class PlacementStrategy
{
}

/// <summary>Any active silo, at random.</summary>
public sealed class RandomPlacement : PlacementStrategy
{
    internal static RandomPlacement Singleton { get; } = new();
}

/// <summary>The silo that the first request comes from, or any active silo if that one hosts no grains.</summary>
public sealed class PreferLocalPlacement : PlacementStrategy
{
    internal static PreferLocalPlacement Singleton { get; } = new();
}

/// <summary>The active silo that the grain's id hashes to.</summary>
public sealed class HashBasedPlacement : PlacementStrategy
{
    internal static HashBasedPlacement Singleton { get; } = new();
}
