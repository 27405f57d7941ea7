namespace Orleans.Embedded.Placement;

/// <summary>The random numbers that placement uses; a seed makes them repeatable.</summary>
internal sealed class PlacementRandom(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    public int Next(int maxValue)
    {
        lock (_lock)
        {
            return _random.Next(maxValue);
        }
    }
}
