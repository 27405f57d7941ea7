namespace BTTInferGrid.Grains.Routing;

/// <summary>The search for the two leaves of a <see cref="CostTree"/> at which a job costs least.</summary>
/// <param name="prompt">Prompt tokens of the job.</param>
/// <param name="output">Output tokens of the job.</param>
/// <param name="total">Tokens that a miner must have room for.</param>
internal struct LowestCosts(double prompt, double output, long total)
{
    // A bound is a sum in another order than the cost, and must not be above it by an error of rounding.
    private const double Rounding = 1 - 1e-12;

    // The sum of both numbers takes as many tokens as it can, since its bound is the closer one; the rest goes by one of them.
    private readonly double _both = Math.Min(prompt, 2 * output);
    private readonly double _prompt = Math.Max(0, prompt - (2 * output));
    private readonly double _output = Math.Max(0, output - (0.5 * prompt));

    /// <summary>The leaf of the lowest cost; -1 if there is none.</summary>
    public int Best { get; private set; } = -1;

    /// <summary>Its cost; infinite if there is none.</summary>
    public double BestCost { get; private set; } = double.PositiveInfinity;

    /// <summary>The leaf of the second lowest cost; -1 if there is none.</summary>
    public int Second { get; private set; } = -1;

    /// <summary>Its cost: what a leaf must be below to be of interest. Infinite if there is none.</summary>
    public double SecondCost { get; private set; } = double.PositiveInfinity;

    /// <summary>Whether a miner below the node may have room for the job.</summary>
    public readonly bool Fits(in CostNode node) => node.Room >= total;

    /// <summary>What the job costs at a leaf.</summary>
    public readonly double CostAt(in CostNode leaf) => (prompt * leaf.Prompt) + (output * leaf.Output);

    /// <summary>What the job costs at least at any leaf below a node.</summary>
    public readonly double BoundAt(in CostNode node) =>
        Rounding * ((_both * node.Both) + (_prompt * node.Prompt) + (_output * node.Output));

    /// <summary>Notes what the job costs at a leaf.</summary>
    public void Add(int leaf, double cost)
    {
        if (cost < BestCost)
        {
            (Second, SecondCost) = (Best, BestCost);
            (Best, BestCost) = (leaf, cost);
        }
        else if (cost < SecondCost)
        {
            (Second, SecondCost) = (leaf, cost);
        }
    }
}
