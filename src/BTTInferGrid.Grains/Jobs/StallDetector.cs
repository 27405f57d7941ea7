namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// Detects that something awaited takes too long, and cancels it. A wait costs two readings of the clock; one timer checks
/// the deadline eight times in its length, so a stall is detected up to an eighth late. A pause of this process is no stall: the wait
/// begins anew.
/// </summary>
internal sealed class StallDetector : IDisposable
{
    private const int ChecksPerLimit = 8;
    private readonly CancellationTokenSource _cancel;
    private readonly TimeProvider _time;
    private readonly ProcessPauses _pauses;
    private readonly ITimer _timer;
    private long _deadline = long.MaxValue;
    private long _limit;
    private int _pausesSeen;
    private int _stalled;

    /// <param name="time">The clock.</param>
    /// <param name="pauses">Pauses of this process.</param>
    /// <param name="shortest">The shortest limit of a wait.</param>
    /// <param name="cancellationToken">Cancels what is awaited too.</param>
    public StallDetector(TimeProvider time, ProcessPauses pauses, TimeSpan shortest, CancellationToken cancellationToken)
    {
        _time = time;
        _pauses = pauses;
        _pausesSeen = pauses.Count;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var period = shortest / ChecksPerLimit;
        _timer = time.CreateTimer(static state => ((StallDetector)state!).Check(), this, period, period);
    }

    /// <summary>Cancelled by a stall, or by the caller.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Whether a wait took longer than its limit.</summary>
    public bool HasStalled => Volatile.Read(ref _stalled) == 1;

    /// <summary>A wait begins.</summary>
    public void Begin(TimeSpan limit)
    {
        var ticks = (long)(limit.TotalSeconds * _time.TimestampFrequency);
        Volatile.Write(ref _limit, ticks);
        Volatile.Write(ref _deadline, _time.GetTimestamp() + ticks);
    }

    /// <summary>The wait is over.</summary>
    public void End() => Volatile.Write(ref _deadline, long.MaxValue);

    public void Dispose()
    {
        _timer.Dispose();
        _cancel.Dispose();
    }

    private void Check()
    {
        var deadline = Volatile.Read(ref _deadline);
        var now = _time.GetTimestamp();
        if (now < deadline)
        {
            return;
        }

        var pauses = _pauses.Count;
        if (pauses != _pausesSeen)
        {
            // Unless the wait has ended meanwhile.
            _pausesSeen = pauses;
            Interlocked.CompareExchange(ref _deadline, now + Volatile.Read(ref _limit), deadline);
            return;
        }

        if (Interlocked.Exchange(ref _stalled, 1) == 1)
        {
            return;
        }

        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wait has ended meanwhile, and everything with it.
        }
    }
}
