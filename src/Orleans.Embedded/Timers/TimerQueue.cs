namespace Orleans.Embedded.Timers;

/// <summary>
/// All grain timers of the silo that wait for a tick, in the order of their times, behind one timer of the clock.
/// </summary>
internal sealed class TimerQueue(TimeProvider clock) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedSet<TimerEntry> _entries = [];
    private ITimer? _timer;
    private long _sequence;
    private bool _isDisposed;

    /// <summary>How many timers wait for a tick.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Ticks a timer after a time. The entry returned takes it out again.</summary>
    public TimerEntry Add(GrainTimer timer, TimeSpan delay)
    {
        var now = clock.GetTimestamp();
        var due = now + (long)(delay.TotalSeconds * clock.TimestampFrequency);
        lock (_lock)
        {
            var entry = new TimerEntry(due, _sequence++, timer);
            if (!_isDisposed)
            {
                _entries.Add(entry);
                if (ReferenceEquals(_entries.Min, entry))
                {
                    Arm(now);
                }
            }

            return entry;
        }
    }

    public void Remove(TimerEntry entry)
    {
        lock (_lock)
        {
            _entries.Remove(entry);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _entries.Clear();
            _timer?.Dispose();
        }
    }

    private void OnTimer()
    {
        var due = new List<TimerEntry>();
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            while (_entries.Min is { } first && first.Due <= now)
            {
                _entries.Remove(first);
                due.Add(first);
            }

            Arm(now);
        }

        foreach (var entry in due)
        {
            entry.Timer.Tick(entry);
        }
    }

    /// <summary>Sets the clock's timer to the first entry, in whole milliseconds and never too early.</summary>
    private void Arm(long now)
    {
        if (_isDisposed || _entries.Min is not { } first)
        {
            return;
        }

        _timer ??= clock.CreateTimer(
            static self => ((TimerQueue)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var milliseconds = Math.Ceiling(clock.GetElapsedTime(now, first.Due).TotalMilliseconds);
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)), Timeout.InfiniteTimeSpan);
    }
}

/// <summary>One tick that is to come.</summary>
internal sealed record TimerEntry(long Due, long Sequence, GrainTimer Timer) : IComparable<TimerEntry>
{
    public int CompareTo(TimerEntry? other)
    {
        return other is null ? 1 : (Due, Sequence).CompareTo((other.Due, other.Sequence));
    }
}
