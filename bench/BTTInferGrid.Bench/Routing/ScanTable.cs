using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Routing;

namespace BTTInferGrid.Bench.Routing;

/// <summary>
/// The reference for <see cref="RoutingTable"/>: the same choice, by a scan of all miners for each job. What the score needs of
/// a miner stands in arrays.
/// </summary>
internal sealed class ScanTable(RoutingOptions options, Random random)
{
    private const double MicrosPerBtt = 1e6;
    private const double TokensPerAsk = 1e3;

    private readonly Dictionary<string, int> _rows = [];
    private readonly List<MinerStanding> _standings = [];
    private readonly List<string> _profiles = [];
    private readonly PrefixIndex<Row> _prefixes = new(options.RememberedPrefixes);

    // By row. A profile of -1 is that of a miner that gets no jobs.
    private int[] _profile = [];
    private int[] _context = [];
    private int[] _jobs = [];
    private long[] _promised = [];
    private double[] _promptCost = [];
    private double[] _outputCost = [];

    public void Update(MinerStanding standing)
    {
        if (!_rows.TryGetValue(standing.Offer.MinerId, out var row))
        {
            row = _standings.Count;
            _rows.Add(standing.Offer.MinerId, row);
            _standings.Add(standing);
            Grow(row + 1);
        }

        if (!_profiles.Contains(standing.Offer.Profile))
        {
            _profiles.Add(standing.Offer.Profile);
        }

        _standings[row] = standing;
        _context[row] = standing.Offer.ContextTokens;
        _profile[row] = standing.State == MinerState.Active ? _profiles.IndexOf(standing.Offer.Profile) : -1;
        Score(row);
    }

    public Route? Route(RouteRequest request)
    {
        var trace = Compare(request);
        if (trace.Finalists.IsEmpty)
        {
            return null;
        }

        var drawn = trace.Finalists.Length > 1 && trace.Finalists[1].Cost <= trace.Finalists[0].Cost * (1 + options.Margin)
            && random.Next(2) == 1;
        if (drawn)
        {
            trace = trace with { Finalists = [trace.Finalists[1], trace.Finalists[0]] };
        }

        var chosen = trace.Finalists[0].MinerId;
        Take(request, chosen);
        var standing = _standings[_rows[chosen]];
        return new Route(standing.Offer, standing.Speed, trace);
    }

    /// <summary>The two miners of lowest cost, the lowest first, and how many were passed over; nothing changes.</summary>
    public RouteTrace Compare(RouteRequest request)
    {
        var total = (long)request.PromptTokens + request.MaxTokens;
        var output = (double)Math.Min(request.MaxTokens, options.ExpectedOutputTokens);
        var profile = _profiles.IndexOf(request.Profile);
        var cached = Math.Min(_prefixes.Find(Prefixes(request), out var holder), request.PromptTokens);
        int excluded = 0, tooSmall = 0, otherProfile = 0, notActive = 0, full = 0;
        int best = -1, second = -1;
        double bestCost = double.PositiveInfinity, secondCost = double.PositiveInfinity;
        var tried = request.Excluded.IsDefault ? [] : request.Excluded;
        for (var row = 0; row < _standings.Count; row++)
        {
            if (_profile[row] != profile || profile < 0)
            {
                otherProfile += _profile[row] >= 0 ? 1 : 0;
                notActive += _profile[row] < 0 ? 1 : 0;
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

            var cache = _standings[row].Status.CacheTokens;
            if (_jobs[row] >= _standings[row].Offer.Slots || (cache > 0 && cache - _promised[row] < total))
            {
                full++;
                continue;
            }

            var prompt = request.PromptTokens - (row == holder?.Index ? cached : 0);
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

        ImmutableArray<RouteCandidate> finalists = best < 0 ? []
            : second < 0 ? [Candidate(best, bestCost)]
            : [Candidate(best, bestCost), Candidate(second, secondCost)];
        return new RouteTrace(_standings.Count, notActive, otherProfile, tooSmall, excluded, best < 0 ? full : 0, finalists, "");

        RouteCandidate Candidate(int row, double cost)
        {
            var (offer, speed) = (_standings[row].Offer, _standings[row].Speed);
            var known = row == holder?.Index ? cached : 0;
            var seconds = (((request.PromptTokens - known) / speed.PrefillTokensPerSecond) + (output / speed.DecodeTokensPerSecond)) * Load(row);
            var price = ((offer.Ask.Prompt * (double)request.PromptTokens) + (offer.Ask.Output * (double)request.MaxTokens)) / 1000;
            return new RouteCandidate(
                offer.MinerId, cost, seconds, _jobs[row], known, (long)Math.Ceiling(price), _standings[row].Stats.FailedInARow);
        }
    }

    /// <summary>Gives a miner the job.</summary>
    public void Take(RouteRequest request, string minerId)
    {
        var row = _rows[minerId];
        _jobs[row]++;
        _promised[row] += RoutingTable.CacheTokens(request);
        Score(row);
        _prefixes.Add(Prefixes(request), new Row(row));
    }

    public void Release(string minerId, long cacheTokens)
    {
        var row = _rows[minerId];
        _jobs[row]--;
        _promised[row] -= cacheTokens;
        Score(row);
    }

    private static ReadOnlySpan<ulong> Prefixes(RouteRequest request) => request.Prefixes.IsDefault ? [] : request.Prefixes.AsSpan();

    private double Load(int row) => 1 + (_jobs[row] / (double)_standings[row].Offer.Slots);

    private void Score(int row)
    {
        var standing = _standings[row];
        var weight = Load(row) * (1 + standing.Stats.FailedInARow);
        var perAsk = options.SecondsPerBtt / MicrosPerBtt / TokensPerAsk;
        _promptCost[row] = (weight / standing.Speed.PrefillTokensPerSecond) + (standing.Offer.Ask.Prompt * perAsk);
        _outputCost[row] = (weight / standing.Speed.DecodeTokensPerSecond) + (standing.Offer.Ask.Output * perAsk);
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
        Array.Resize(ref _promised, size);
        Array.Resize(ref _promptCost, size);
        Array.Resize(ref _outputCost, size);
    }

    private sealed record Row(int Index);
}
