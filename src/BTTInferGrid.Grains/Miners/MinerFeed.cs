using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Miners;

/// <summary>
/// The miners of one model that this silo reports, and what the model's grain has not acknowledged of them. One report at a
/// time is under way; of a miner that changes meanwhile the newest standing goes with the next.
/// </summary>
/// <remarks>Thread-safe; no method waits.</remarks>
internal sealed class MinerFeed(string source)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, MinerStanding> _miners = [];
    private readonly HashSet<string> _changed = [];
    private long _sequence;
    private bool _isDue;
    private bool _isComplete = true;
    private bool _isUnderWay;
    private bool _isFailing;
    private bool _hasEnded;

    /// <summary>The latest report on its way; never fails.</summary>
    public Task Sending { get; set; } = Task.CompletedTask;

    /// <summary>Takes in what is known of a miner.</summary>
    /// <returns>Whether the miner is new to this model.</returns>
    public bool Set(MinerStanding standing)
    {
        var minerId = standing.Offer.MinerId;
        lock (_lock)
        {
            _miners.TryGetValue(minerId, out var before);
            if (_hasEnded || standing == before || (before is null && standing.State == MinerState.Gone))
            {
                return false;
            }

            _miners[minerId] = standing;
            _changed.Add(minerId);

            // The rest, such as how busy it is, can wait for the next second.
            _isDue |= before is null || before.State != standing.State || before.Offer != standing.Offer;
            return before is null;
        }
    }

    /// <summary>Ends a miner of this model, if it is one.</summary>
    public void Remove(string minerId, string reason, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_hasEnded && _miners.TryGetValue(minerId, out var standing))
            {
                SetGone(standing, reason, now);
                _isDue = true;
            }
        }
    }

    /// <summary>Makes a report due, whether something has changed or not.</summary>
    public void Beat()
    {
        lock (_lock)
        {
            _isDue = true;
        }
    }

    /// <summary>The next report; null if none is due, or one is under way.</summary>
    public MinerReport? Next()
    {
        lock (_lock)
        {
            return _isDue && !_isUnderWay && !_hasEnded && _miners.Count > 0 ? Write() : null;
        }
    }

    /// <summary>The last report, in which all miners are gone; null if there are none.</summary>
    public MinerReport? End(string reason, DateTimeOffset now)
    {
        lock (_lock)
        {
            _hasEnded = true;
            foreach (var standing in _miners.Values.ToArray())
            {
                SetGone(standing, reason, now);
            }

            return _miners.Count > 0 ? Write() : null;
        }
    }

    /// <summary>Takes in the answer to a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="isKnown">Whether the model's grain could use it; otherwise the next is complete, and due at once.</param>
    /// <returns>Whether the report before it failed.</returns>
    public bool Acknowledge(MinerReport report, bool isKnown)
    {
        lock (_lock)
        {
            var hasFailed = _isFailing;
            _isUnderWay = false;
            _isFailing = false;
            if (!isKnown)
            {
                // A complete one that is not good enough must not go again and again.
                _isComplete = true;
                _isDue |= !report.IsComplete;
                return hasFailed;
            }

            foreach (var standing in report.Miners)
            {
                if (standing.State == MinerState.Gone && !_changed.Contains(standing.Offer.MinerId))
                {
                    _miners.Remove(standing.Offer.MinerId);
                }
            }

            // The grain forgets a source that has no miners.
            _isComplete = _miners.Count == 0;
            return hasFailed;
        }
    }

    /// <summary>Notes that a report may not have arrived; the next is complete.</summary>
    /// <returns>Whether it is the first of a row.</returns>
    public bool Fail()
    {
        lock (_lock)
        {
            _isUnderWay = false;
            _isComplete = true;
            var isFirst = !_isFailing;
            _isFailing = true;
            return isFirst;
        }
    }

    private void SetGone(MinerStanding standing, string reason, DateTimeOffset now)
    {
        if (standing.State != MinerState.Gone)
        {
            _miners[standing.Offer.MinerId] = standing with { State = MinerState.Gone, Reason = reason, Since = now };
            _changed.Add(standing.Offer.MinerId);
        }
    }

    private MinerReport Write()
    {
        var miners = _isComplete ? [.. _miners.Values] : _changed.Select(minerId => _miners[minerId]).ToImmutableArray();
        var report = new MinerReport(source, ++_sequence, _isComplete, miners);
        _changed.Clear();
        _isDue = false;
        _isUnderWay = true;
        return report;
    }
}
