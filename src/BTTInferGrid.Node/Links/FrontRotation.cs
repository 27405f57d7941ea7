namespace BTTInferGrid.Node.Links;

/// <summary>
/// Decides which front is dialled next, and when. Each front has its own pause, which doubles while sessions with it are
/// short; another front that is not in its pause is dialled at once.
/// </summary>
internal sealed class FrontRotation
{
    /// <summary>Longest time that the grid can keep the node away.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    private readonly Entry[] _entries;
    private readonly TimeSpan _minPause;
    private readonly TimeSpan _maxPause;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private int _current;

    public FrontRotation(
        IEnumerable<Uri> fronts, TimeSpan minPause, TimeSpan maxPause, TimeProvider time, Random random)
    {
        var now = time.GetTimestamp();
        _entries = [.. fronts.Select(front => new Entry(front) { NotBefore = now })];
        _minPause = minPause;
        _maxPause = maxPause;
        _time = time;
        _random = random;
        _current = _entries.Length - 1;
    }

    /// <summary>Chooses the first front after the last one that may be dialled now, or else the one that may be first.</summary>
    /// <returns>The front, and how long to wait before.</returns>
    public (Uri Front, TimeSpan Pause) Next()
    {
        var last = _current;
        var now = _time.GetTimestamp();
        for (var i = 1; i <= _entries.Length; i++)
        {
            var candidate = (last + i) % _entries.Length;
            if (_entries[candidate].NotBefore <= now)
            {
                _current = candidate;
                return (_entries[candidate].Front, TimeSpan.Zero);
            }

            if (i == 1 || _entries[candidate].NotBefore < _entries[_current].NotBefore)
            {
                _current = candidate;
            }
        }

        return (_entries[_current].Front, _time.GetElapsedTime(now, _entries[_current].NotBefore));
    }

    /// <summary>Takes note of the end of the session with the front that <see cref="Next"/> chose last.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="duration">How long it was, the attempt to begin it included.</param>
    public void Ended(SessionEnd end, TimeSpan duration)
    {
        var entry = _entries[_current];
        entry.Failures = duration > _maxPause ? 1 : entry.Failures + 1;
        var asked = end.RetryAfter < MaxRetryAfter ? end.RetryAfter : MaxRetryAfter;
        var pause = Later(PauseAfter(entry.Failures), asked * (1 + (_random.NextDouble() / 2)));
        Delay(entry, pause);
        if (end.IsTurnedAway)
        {
            pause = Later(pause, _maxPause * (1 + (_random.NextDouble() / 2)));
            foreach (var any in _entries)
            {
                Delay(any, pause);
            }
        }
    }

    /// <summary>Half of it is random, so that nodes that have lost the same front do not come back together.</summary>
    private TimeSpan PauseAfter(int failures)
    {
        var most = _minPause * Math.Pow(2, Math.Min(failures - 1, 32));
        return (most < _maxPause ? most : _maxPause) * (0.5 + (_random.NextDouble() / 2));
    }

    private void Delay(Entry entry, TimeSpan pause)
    {
        var until = _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency);
        entry.NotBefore = Math.Max(entry.NotBefore, until);
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class Entry(Uri front)
    {
        public Uri Front { get; } = front;

        /// <summary>Sessions in a row that were short.</summary>
        public int Failures { get; set; }

        /// <summary>Timestamp before which it is not dialled.</summary>
        public long NotBefore { get; set; }
    }
}
