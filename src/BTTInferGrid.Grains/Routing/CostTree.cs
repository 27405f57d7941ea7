namespace BTTInferGrid.Grains.Routing;

/// <summary>What a token costs at a miner, or at least costs at each of several, and the largest request that one of them can take.</summary>
/// <param name="Prompt">Cost of a prompt token.</param>
/// <param name="Output">Cost of an output token.</param>
/// <param name="Both">Cost of a prompt token and half an output token at the same miner.</param>
/// <param name="Room">Tokens of the largest request; -1 where there is no miner.</param>
internal readonly record struct CostNode(double Prompt, double Output, double Both, int Room)
{
    /// <summary>No miner.</summary>
    public static readonly CostNode None = new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, -1);

    /// <summary>The node of one miner.</summary>
    public static CostNode Leaf(double prompt, double output, int room) => new(prompt, output, prompt + (0.5 * output), room);

    /// <summary>The node above both.</summary>
    public static CostNode Above(in CostNode one, in CostNode other) => new(
        Math.Min(one.Prompt, other.Prompt), Math.Min(one.Output, other.Output), Math.Min(one.Both, other.Both),
        Math.Max(one.Room, other.Room));
}

/// <summary>
/// The miners of one profile that get jobs, as an index by cost. What a job costs is linear in its tokens, so a miner is a
/// pair of numbers: the cost of a prompt token and that of an output token. Such pairs are the leaves of a tree; a node has
/// the lowest of either number below it, and the lowest of a sum of both, and so a lower bound of what any job costs there. A
/// search passes over the nodes whose bound is not below the second lowest cost found so far, and finds what a scan of all
/// leaves would find.
/// </summary>
/// <remarks>
/// Leaves are in the order of the ratio of their two numbers, as of the last time they were arranged: neighbours are fast
/// and slow at the same things, and the bound of their node is close to the cost of the best of them.
/// For one caller at a time.
/// </remarks>
internal sealed class CostTree
{
    private const int Fanout = 8;
    private const int MinCapacity = 2 * Fanout;
    private const double RatioTolerance = 0.1;

    // By leaf.
    private RoutedMiner?[] _miners = [];
    private double[] _ratios = [];
    private int[] _contextOf = [];

    // Leaves first, then their parents, and so on, to a level of one group.
    private CostNode[][] _levels = [[]];

    // Leaves that no miner has; the last is taken first.
    private readonly Stack<int> _free = [];

    // In ascending order.
    private readonly List<int> _contexts = [];
    private int _outOfOrder;

    /// <summary>Miners in the tree.</summary>
    public int Count => _contexts.Count;

    /// <summary>The miner of a leaf.</summary>
    public RoutedMiner this[int leaf] => _miners[leaf]!;

    /// <summary>What a token costs at a leaf.</summary>
    public CostNode Costs(int leaf) => _levels[0][leaf];

    /// <summary>How many miners have a context of fewer tokens.</summary>
    public int CountSmaller(long context) => context > int.MaxValue ? Count : ContextIndex((int)context);

    /// <summary>Adds a miner, or changes what is known of its cost.</summary>
    public void Set(RoutedMiner miner, CostNode costs)
    {
        if (miner.Tree is null)
        {
            Add(miner, costs);
            return;
        }

        var leaf = miner.Leaf;
        var context = miner.Standing.Offer.ContextTokens;
        if (_contextOf[leaf] != context)
        {
            _contexts.RemoveAt(ContextIndex(_contextOf[leaf]));
            _contexts.Insert(ContextIndex(context), context);
            _contextOf[leaf] = context;
        }

        Write(leaf, costs);
        var ratio = RatioOf(costs);
        if (Math.Abs(ratio - _ratios[leaf]) > RatioTolerance * _ratios[leaf])
        {
            _ratios[leaf] = ratio;
            NoteOutOfOrder();
        }
    }

    /// <summary>Takes a miner out of the tree.</summary>
    public void Remove(RoutedMiner miner)
    {
        var leaf = miner.Leaf;
        _contexts.RemoveAt(ContextIndex(_contextOf[leaf]));
        _miners[leaf] = null;
        _free.Push(leaf);
        (miner.Tree, miner.Leaf) = (null, -1);
        Write(leaf, CostNode.None);
    }

    /// <summary>Adds the leaves of lowest cost to what a search has found already.</summary>
    /// <param name="lowest">The search.</param>
    /// <param name="skipped">Leaves to pass over.</param>
    public void Search(ref LowestCosts lowest, ReadOnlySpan<int> skipped) => Visit(ref lowest, skipped, _levels.Length - 1, 0);

    private static double RatioOf(in CostNode costs) => costs.Prompt / costs.Output;

    /// <summary>Visits a group of nodes, the most promising one first, since what it finds rules out others.</summary>
    private void Visit(ref LowestCosts lowest, ReadOnlySpan<int> skipped, int level, int group)
    {
        var nodes = _levels[level].AsSpan(group * Fanout);
        nodes = nodes[..Math.Min(nodes.Length, Fanout)];
        if (level == 0)
        {
            VisitLeaves(ref lowest, skipped, nodes, group * Fanout);
            return;
        }

        var first = -1;
        var least = lowest.SecondCost;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (lowest.Fits(nodes[i]) && lowest.BoundAt(nodes[i]) is var cost && cost < least)
            {
                (first, least) = (i, cost);
            }
        }

        if (first < 0)
        {
            return;
        }

        Visit(ref lowest, skipped, level - 1, (group * Fanout) + first);
        for (var i = 0; i < nodes.Length; i++)
        {
            if (i != first && lowest.Fits(nodes[i]) && lowest.BoundAt(nodes[i]) < lowest.SecondCost)
            {
                Visit(ref lowest, skipped, level - 1, (group * Fanout) + i);
            }
        }
    }

    private static void VisitLeaves(ref LowestCosts lowest, ReadOnlySpan<int> skipped, ReadOnlySpan<CostNode> leaves, int firstLeaf)
    {
        for (var i = 0; i < leaves.Length; i++)
        {
            if (lowest.Fits(leaves[i]) && lowest.CostAt(leaves[i]) is var cost && cost < lowest.SecondCost
                && !skipped.Contains(firstLeaf + i))
            {
                lowest.Add(firstLeaf + i, cost);
            }
        }
    }

    private void Add(RoutedMiner miner, CostNode costs)
    {
        if (_free.Count == 0)
        {
            Arrange(Math.Max(MinCapacity, 2 * Count));
        }

        var leaf = _free.Pop();
        _miners[leaf] = miner;
        (miner.Tree, miner.Leaf) = (this, leaf);
        _contextOf[leaf] = miner.Standing.Offer.ContextTokens;
        _contexts.Insert(ContextIndex(_contextOf[leaf]), _contextOf[leaf]);
        _ratios[leaf] = RatioOf(costs);
        Write(leaf, costs);
        NoteOutOfOrder();
    }

    // Miners that join or change one after the other share the cost of arranging all of them.
    private void NoteOutOfOrder()
    {
        if (++_outOfOrder > (Count / 4) + Fanout)
        {
            Arrange(_miners.Length);
        }
    }

    /// <summary>Gives each miner the leaf that its ratio says, and the tree room for a number of miners.</summary>
    private void Arrange(int capacity)
    {
        var entries = new List<(double Ratio, RoutedMiner Miner, int Context, CostNode Costs)>(Count);
        foreach (var miner in _miners)
        {
            if (miner is not null)
            {
                var costs = _levels[0][miner.Leaf];
                entries.Add((RatioOf(costs), miner, _contextOf[miner.Leaf], costs));
            }
        }

        entries.Sort(static (one, other) => one.Ratio.CompareTo(other.Ratio));
        _outOfOrder = 0;
        _miners = new RoutedMiner?[capacity];
        _ratios = new double[capacity];
        _contextOf = new int[capacity];
        var leaves = new CostNode[capacity];
        for (var leaf = 0; leaf < entries.Count; leaf++)
        {
            (_ratios[leaf], var miner, _contextOf[leaf], leaves[leaf]) = entries[leaf];
            _miners[leaf] = miner;
            miner.Leaf = leaf;
        }

        Array.Fill(leaves, CostNode.None, entries.Count, capacity - entries.Count);
        _free.Clear();
        for (var leaf = capacity - 1; leaf >= entries.Count; leaf--)
        {
            _free.Push(leaf);
        }

        _levels = Build(leaves);
    }

    private static CostNode[][] Build(CostNode[] leaves)
    {
        var levels = new List<CostNode[]> { leaves };
        while (levels[^1].Length > Fanout)
        {
            var below = levels[^1];
            var level = new CostNode[(below.Length + Fanout - 1) / Fanout];
            for (var i = 0; i < level.Length; i++)
            {
                level[i] = Above(below, i);
            }

            levels.Add(level);
        }

        return [.. levels];
    }

    private static CostNode Above(CostNode[] level, int group)
    {
        var above = CostNode.None;
        foreach (ref readonly var node in level.AsSpan(group * Fanout, Math.Min(Fanout, level.Length - (group * Fanout))))
        {
            above = CostNode.Above(above, node);
        }

        return above;
    }

    private void Write(int leaf, CostNode costs)
    {
        _levels[0][leaf] = costs;
        var index = leaf;
        for (var level = 1; level < _levels.Length; level++)
        {
            index /= Fanout;
            var above = Above(_levels[level - 1], index);
            if (above == _levels[level][index])
            {
                return;
            }

            _levels[level][index] = above;
        }
    }

    // Where the first context of at least so many tokens is, or would be.
    private int ContextIndex(int context)
    {
        int low = 0, high = _contexts.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _contexts[middle] < context ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
