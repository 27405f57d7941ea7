namespace BTTInferGrid.Grains;

/// <summary>
/// Notices that this process stood still: it was stopped, its machine slept, or it had no processor. Whoever else was slow meanwhile
/// cannot be known, so limits by which others are judged begin anew. Thread safe.
/// </summary>
internal sealed class ProcessPauses : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>The shortest pause that counts.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>How long it takes at most until what ended during a pause is known to have ended.</summary>
    public static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _checkedAt;
    private long _endedAt = long.MinValue;
    private int _count;

    public ProcessPauses(TimeProvider time)
    {
        _time = time;
        _checkedAt = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((ProcessPauses)state!).Check(), this, Period, Period);
    }

    /// <summary>Pauses so far, one that ends at this moment included.</summary>
    public int Count
    {
        get
        {
            Check();
            return Volatile.Read(ref _count);
        }
    }

    /// <summary>Whether a pause has just ended.</summary>
    public bool IsRecent
    {
        get
        {
            Check();
            var endedAt = Volatile.Read(ref _endedAt);
            return endedAt != long.MinValue && _time.GetElapsedTime(endedAt) < Aftermath;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Check()
    {
        var now = _time.GetTimestamp();
        var before = Interlocked.Exchange(ref _checkedAt, now);
        if (_time.GetElapsedTime(before, now) >= Shortest)
        {
            Volatile.Write(ref _endedAt, now);
            Interlocked.Increment(ref _count);
        }
    }
}
