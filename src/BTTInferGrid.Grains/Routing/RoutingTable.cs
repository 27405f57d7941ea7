using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Routing;

/// <summary>
/// The miners of one model, and the choice of one for a job. The cost of a job at a miner is
/// <code>
/// cost    = seconds * (1 + failures in a row) + price in BTT * SecondsPerBtt
/// seconds = (prompt tokens not cached / prefill rate + expected output tokens / decode rate) * (1 + jobs / slots)
/// </code>
/// where a miner can take the job at all (<see cref="RoutedMiner.Room"/>): its slots are not all taken, and its cache has room for what
/// the job and those before it may come to. The lowest wins, or the second lowest if it is within <see cref="RoutingOptions.Margin"/> of it. A
/// <see cref="CostTree"/> for each profile finds the two without a look at every miner; the one that has the prompt's
/// beginning in its cache, and so another cost than the tree knows, is compared with them.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class RoutingTable(RoutingOptions options, Random random)
{
    private const double MicrosPerBtt = 1e6;
    private const double TokensPerAsk = 1e3;
    private const int FewSkipped = 16;

    private readonly Dictionary<string, RoutedMiner> _miners = [];
    private readonly Dictionary<string, CostTree> _profiles = [];
    private readonly CostTree _noMiners = new();
    private readonly PrefixIndex<RoutedMiner> _prefixes = new(options.RememberedPrefixes);

    /// <summary>All miners, in no particular order.</summary>
    public IEnumerable<MinerStanding> Standings => _miners.Values.Select(static miner => miner.Standing);

    /// <summary>Miners that would get jobs.</summary>
    public int Active { get; private set; }

    /// <summary>Adds a miner, or replaces what is known of it.</summary>
    public void Update(MinerStanding standing)
    {
        if (!_miners.TryGetValue(standing.Offer.MinerId, out var miner))
        {
            miner = new RoutedMiner(standing);
            _miners.Add(standing.Offer.MinerId, miner);
        }

        if (miner.Tree is { } tree && (standing.State != MinerState.Active || standing.Offer.Profile != miner.Standing.Offer.Profile))
        {
            Active--;
            tree.Remove(miner);
            if (tree.Count == 0)
            {
                _profiles.Remove(miner.Standing.Offer.Profile);
            }
        }

        miner.Standing = standing;
        if (standing.State == MinerState.Active)
        {
            Active += miner.Tree is null ? 1 : 0;
            Score(miner);
        }
    }

    /// <summary>Forgets the miners that are gone since before a time.</summary>
    public void Forget(DateTimeOffset goneBefore)
    {
        foreach (var (minerId, miner) in _miners)
        {
            if (miner.Standing.State == MinerState.Gone && miner.Standing.Since < goneBefore)
            {
                _miners.Remove(minerId);
            }
        }
    }

    /// <summary>Chooses a miner, which has one job more from now on.</summary>
    /// <returns>Null if none can serve the request; the trace says why.</returns>
    public Route? Route(RouteRequest request, out RouteTrace trace)
    {
        var total = Math.Max(0, (long)request.PromptTokens + request.MaxTokens);
        var output = (double)Math.Min(request.MaxTokens, options.ExpectedOutputTokens);
        var tree = _profiles.GetValueOrDefault(request.Profile, _noMiners);
        var tried = request.Excluded.IsDefault ? [] : request.Excluded.AsSpan();
        var skipped = tried.Length < FewSkipped ? stackalloc int[FewSkipped] : new int[tried.Length + 1];
        var excluded = Find(tried, tree, total, skipped);

        var lowest = new LowestCosts(request.PromptTokens, output, total);
        var prefixes = request.Prefixes.IsDefault ? [] : request.Prefixes.AsSpan();
        var cached = Math.Min(_prefixes.Find(prefixes, out var holder), request.PromptTokens);
        var count = excluded;
        if (IsCandidate(holder, tree, total) && holder!.Room >= total && !skipped[..excluded].Contains(holder!.Leaf))
        {
            var costs = tree.Costs(holder.Leaf);
            lowest.Add(holder.Leaf, ((request.PromptTokens - cached) * costs.Prompt) + (output * costs.Output));
            skipped[count++] = holder.Leaf;
        }

        tree.Search(ref lowest, skipped[..count]);
        var drawn = lowest.Second >= 0 && lowest.SecondCost <= lowest.BestCost * (1 + options.Margin) && random.Next(2) == 1;
        ImmutableArray<RouteCandidate> finalists = lowest.Best < 0 ? []
            : lowest.Second < 0 ? [Candidate(lowest.Best, lowest.BestCost)]
            : drawn ? [Candidate(lowest.Second, lowest.SecondCost), Candidate(lowest.Best, lowest.BestCost)]
            : [Candidate(lowest.Best, lowest.BestCost), Candidate(lowest.Second, lowest.SecondCost)];
        trace = new RouteTrace(
            _miners.Count, _miners.Count - Active, Active - tree.Count, tree.CountSmaller(total), excluded,
            lowest.Best < 0 ? tree.Count - tree.CountSmaller(total) - excluded : 0, finalists,
            lowest.Best < 0 ? "none is left"
            : lowest.Second < 0 ? "the only one left"
            : drawn ? $"drawn: its cost is within {options.Margin:P0} of the lowest"
            : "its cost is the lowest");
        if (lowest.Best < 0)
        {
            return null;
        }

        var chosen = tree[drawn ? lowest.Second : lowest.Best];
        chosen.Jobs++;
        chosen.PromisedTokens += CacheTokens(request);
        Score(chosen);
        _prefixes.Add(prefixes, chosen);
        return new Route(chosen.Standing.Offer, chosen.Standing.Speed, trace);

        RouteCandidate Candidate(int leaf, double cost)
        {
            var miner = tree[leaf];
            var (offer, ask) = (miner.Standing.Offer, miner.Standing.Offer.Ask);
            var known = miner == holder ? cached : 0;
            var price = ((ask.Prompt * (double)request.PromptTokens) + (ask.Output * (double)request.MaxTokens)) / TokensPerAsk;
            return new RouteCandidate(
                offer.MinerId, cost, Seconds(miner, request.PromptTokens - known, output), miner.Jobs, known,
                (long)Math.Ceiling(price), miner.Standing.Stats.FailedInARow);
        }
    }

    /// <summary>Tokens of cache that a job may come to need at its miner. An embedding needs none of it.</summary>
    public static long CacheTokens(RouteRequest request) => request.MaxTokens > 0 ? (long)request.PromptTokens + request.MaxTokens : 0;

    /// <summary>Notes that a miner has one job less.</summary>
    /// <param name="minerId">The miner.</param>
    /// <param name="cacheTokens">What was promised to the job.</param>
    public void Release(string minerId, long cacheTokens)
    {
        if (_miners.TryGetValue(minerId, out var miner) && miner.Jobs > 0)
        {
            miner.Jobs--;
            miner.PromisedTokens = Math.Max(0, miner.PromisedTokens - cacheTokens);
            if (miner.Tree is not null)
            {
                Score(miner);
            }
        }
    }

    /// <summary>Finds the leaves of those of the miners that could serve the request otherwise.</summary>
    private int Find(ReadOnlySpan<string> minerIds, CostTree tree, long total, Span<int> leaves)
    {
        var count = 0;
        foreach (var minerId in minerIds)
        {
            if (_miners.TryGetValue(minerId, out var miner) && IsCandidate(miner, tree, total) && !leaves[..count].Contains(miner.Leaf))
            {
                leaves[count++] = miner.Leaf;
            }
        }

        return count;
    }

    private static bool IsCandidate(RoutedMiner? miner, CostTree tree, long total) =>
        miner?.Tree == tree && miner.Standing.Offer.ContextTokens >= total;

    private static double Seconds(RoutedMiner miner, double prompt, double output)
    {
        var speed = miner.Standing.Speed;
        return ((prompt / Rate(speed.PrefillTokensPerSecond)) + (output / Rate(speed.DecodeTokensPerSecond))) * Load(miner);
    }

    private static double Load(RoutedMiner miner) => 1 + (miner.Jobs / (double)Math.Max(1, miner.Standing.Offer.Slots));

    // A speed that nobody has measured counts as one token a second: such a miner is the last choice.
    private static double Rate(double measured) => measured > 0 && double.IsFinite(measured) ? measured : 1;

    /// <summary>Works out what a token costs at a miner: the formula, as far as it depends on the miner.</summary>
    private void Score(RoutedMiner miner)
    {
        var (offer, speed) = (miner.Standing.Offer, miner.Standing.Speed);
        var weight = Load(miner) * (1 + miner.Standing.Stats.FailedInARow);
        var perMicro = options.SecondsPerBtt / MicrosPerBtt / TokensPerAsk;
        if (miner.Tree is not { } tree && !_profiles.TryGetValue(offer.Profile, out tree))
        {
            tree = new CostTree();
            _profiles.Add(offer.Profile, tree);
        }

        tree.Set(miner, CostNode.Leaf(
            (weight / Rate(speed.PrefillTokensPerSecond)) + (offer.Ask.Prompt * perMicro),
            (weight / Rate(speed.DecodeTokensPerSecond)) + (offer.Ask.Output * perMicro),
            miner.Room));
    }
}
