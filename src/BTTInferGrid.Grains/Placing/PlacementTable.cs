using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Placing;

/// <summary>
/// The miners of one model, and the choice of one for a job: filter, score, pick. A miner has a row; what the score needs
/// of it stands in arrays, so that a thousand miners are compared in microseconds. The cost of a job at a miner is
/// <code>
/// cost    = seconds * (1 + failures in a row) + price in BTT * SecondsPerBtt
/// seconds = (prompt tokens not cached / prefill rate + expected output tokens / decode rate) * (1 + jobs / slots)
/// </code>
/// and the lowest wins, or one within <see cref="PlacementOptions.Margin"/> of it.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class PlacementTable(PlacementOptions options, Random random)
{
    private const double MicrosPerBtt = 1e6;
    private const double TokensPerAsk = 1e3;

    private readonly Dictionary<string, int> _rows = [];
    private readonly List<MinerStanding> _standings = [];
    private readonly PrefixIndex _prefixes = new(options.RememberedPrefixes);
    private readonly List<string> _profiles = [];

    // By row. A profile of -1 is that of a miner that gets no jobs.
    private int[] _profile = [];
    private int[] _context = [];
    private int[] _jobs = [];
    private double[] _promptCost = [];
    private double[] _outputCost = [];

    /// <summary>All miners, in no particular order.</summary>
    public IReadOnlyList<MinerStanding> Standings => _standings;

    /// <summary>Miners that would get jobs.</summary>
    public int Active { get; private set; }

    /// <summary>Adds a miner, or replaces what is known of it.</summary>
    public void Update(MinerStanding standing)
    {
        if (!_rows.TryGetValue(standing.Offer.MinerId, out var row))
        {
            row = _standings.Count;
            _rows.Add(standing.Offer.MinerId, row);
            _standings.Add(standing);
            Grow(row + 1);
            _profile[row] = -1;
            _jobs[row] = 0;
        }

        Active += (standing.State == MinerState.Active ? 1 : 0) - (_profile[row] >= 0 ? 1 : 0);
        _standings[row] = standing;
        _context[row] = standing.Offer.ContextTokens;
        _profile[row] = standing.State == MinerState.Active ? ProfileOf(standing.Offer.Profile) : -1;
        Score(row);
    }

    /// <summary>Forgets the miners that are gone since before a time.</summary>
    public void Forget(DateTimeOffset goneBefore)
    {
        if (!_standings.Exists(one => IsForgotten(one, goneBefore)))
        {
            return;
        }

        var kept = _standings.Where(one => !IsForgotten(one, goneBefore)).Select(one => (one, _jobs[_rows[one.Offer.MinerId]])).ToList();
        _rows.Clear();
        _standings.Clear();
        _prefixes.Clear();
        Active = 0;
        foreach (var (standing, jobs) in kept)
        {
            Update(standing);
            Add(_rows[standing.Offer.MinerId], jobs);
        }
    }

    /// <summary>Chooses a miner, which has one job more from now on.</summary>
    /// <returns>Null if none can serve the request; the trace tells why.</returns>
    public Placement? Place(PlacementRequest request, out PlacementTrace trace)
    {
        var total = (long)request.PromptTokens + request.MaxTokens;
        var output = (double)Math.Min(request.MaxTokens, options.ExpectedOutputTokens);
        var profile = _profiles.IndexOf(request.Profile);
        var prefixes = request.Prefixes.IsDefault ? default : request.Prefixes.AsSpan();
        var (cachedRow, cached) = _prefixes.Find(prefixes);
        cached = Math.Min(cached, request.PromptTokens);
        int excluded = 0, tooSmall = 0, otherProfile = 0;
        int best = -1, second = -1;
        double bestCost = double.PositiveInfinity, secondCost = double.PositiveInfinity;
        var tried = request.Excluded.IsDefault ? [] : request.Excluded;
        for (var row = 0; row < _standings.Count; row++)
        {
            if (_profile[row] != profile || profile < 0)
            {
                otherProfile += _profile[row] >= 0 ? 1 : 0;
                continue;
            }

            if (_context[row] < total)
            {
                tooSmall++;
                continue;
            }

            if (!tried.IsEmpty && tried.Contains(_standings[row].Offer.MinerId))
            {
                excluded++;
                continue;
            }

            var prompt = request.PromptTokens - (row == cachedRow ? cached : 0);
            var cost = (prompt * _promptCost[row]) + (output * _outputCost[row]);
            if (cost < bestCost)
            {
                (second, secondCost) = (best, bestCost);
                (best, bestCost) = (row, cost);
            }
            else if (cost < secondCost)
            {
                (second, secondCost) = (row, cost);
            }
        }

        var drawn = second >= 0 && secondCost <= bestCost * (1 + options.Margin) && random.Next(2) == 1;
        if (drawn)
        {
            (best, second) = (second, best);
            (bestCost, secondCost) = (secondCost, bestCost);
        }

        trace = new PlacementTrace(
            _standings.Count, _standings.Count - Active, otherProfile, tooSmall, excluded,
            Finalists(best, bestCost, second, secondCost),
            best < 0 ? "nobody is left"
            : second < 0 ? "the only one left"
            : drawn ? $"drawn: its cost is within {options.Margin:P0} of the lowest"
            : "its cost is the lowest");
        if (best < 0)
        {
            return null;
        }

        Add(best, 1);
        _prefixes.Served(prefixes, best);
        var standing = _standings[best];
        return new Placement(standing.Offer, standing.Speed, trace);

        ImmutableArray<PlacementCandidate> Finalists(int first, double firstCost, int other, double otherCost) =>
            first < 0 ? [] : other < 0 ? [Candidate(first, firstCost)] : [Candidate(first, firstCost), Candidate(other, otherCost)];

        PlacementCandidate Candidate(int row, double cost)
        {
            var offer = _standings[row].Offer;
            var known = row == cachedRow ? cached : 0;
            var seconds = Seconds(row, request.PromptTokens - known, output);
            var price = ((offer.Ask.Prompt * (double)request.PromptTokens) + (offer.Ask.Output * (double)request.MaxTokens)) / TokensPerAsk;
            return new PlacementCandidate(
                offer.MinerId, cost, seconds, _jobs[row], known, (long)Math.Ceiling(price), _standings[row].Record.FailedInARow);
        }
    }

    /// <summary>A miner's job is over.</summary>
    public void Release(string minerId)
    {
        if (_rows.TryGetValue(minerId, out var row) && _jobs[row] > 0)
        {
            Add(row, -1);
        }
    }

    private static bool IsForgotten(MinerStanding standing, DateTimeOffset goneBefore) =>
        standing.State == MinerState.Gone && standing.Since < goneBefore;

    private double Seconds(int row, double prompt, double output)
    {
        var standing = _standings[row];
        return ((prompt / Rate(standing.Speed.PrefillTokensPerSecond)) + (output / Rate(standing.Speed.DecodeTokensPerSecond)))
            * Load(row);
    }

    private double Load(int row) => 1 + (_jobs[row] / (double)Math.Max(1, _standings[row].Offer.Slots));

    // A speed that nobody has measured counts as one token a second: such a miner is the last choice.
    private static double Rate(double measured) => measured > 0 ? measured : 1;

    private void Add(int row, int jobs)
    {
        _jobs[row] += jobs;
        Score(row);
    }

    /// <summary>What a token of prompt, and one of output, costs at a miner: the formula, as far as it depends on the miner.</summary>
    private void Score(int row)
    {
        var standing = _standings[row];
        var weight = Load(row) * (1 + standing.Record.FailedInARow);
        var perMicro = options.SecondsPerBtt / MicrosPerBtt / TokensPerAsk;
        _promptCost[row] = (weight / Rate(standing.Speed.PrefillTokensPerSecond)) + (standing.Offer.Ask.Prompt * perMicro);
        _outputCost[row] = (weight / Rate(standing.Speed.DecodeTokensPerSecond)) + (standing.Offer.Ask.Output * perMicro);
    }

    private int ProfileOf(string profile)
    {
        var known = _profiles.IndexOf(profile);
        if (known >= 0)
        {
            return known;
        }

        _profiles.Add(profile);
        return _profiles.Count - 1;
    }

    private void Grow(int rows)
    {
        if (rows <= _profile.Length)
        {
            return;
        }

        var size = Math.Max(16, rows * 2);
        Array.Resize(ref _profile, size);
        Array.Resize(ref _context, size);
        Array.Resize(ref _jobs, size);
        Array.Resize(ref _promptCost, size);
        Array.Resize(ref _outputCost, size);
    }
}
