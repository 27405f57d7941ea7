namespace BTTInferGrid.Chain.Rpc;

/// <summary>Lets several threads draw from one source.</summary>
internal sealed class SharedRandom(Random random) : Random
{
    private readonly Lock _lock = new();

    protected override double Sample()
    {
        lock (_lock)
        {
            return random.NextDouble();
        }
    }

    public override double NextDouble()
    {
        return Sample();
    }
}
