namespace Orleans.Embedded.Tests.Edge;

/// <summary>Randomness that always gives the same number.</summary>
internal sealed class FixedRandom(double value) : Random
{
    public override double NextDouble()
    {
        return value;
    }
}
