namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// Notices that something awaited takes too long, and cancels it. Waiting costs two readings of the clock and nothing on
/// the heap; one timer looks at the deadline eight times in its length, so a stall is noticed up to an eighth late.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private const int LooksPerLimit = 8;
    private readonly CancellationTokenSource _cancel;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _deadline = long.MaxValue;
    private int _stalled;

    /// <param name="time">The clock.</param>
    /// <param name="shortest">The shortest limit that will be waited for.</param>
    /// <param name="cancellationToken">Cancels what is awaited too.</param>
    public StallWatch(TimeProvider time, TimeSpan shortest, CancellationToken cancellationToken)
    {
        _time = time;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var period = shortest / LooksPerLimit;
        _timer = time.CreateTimer(static state => ((StallWatch)state!).Look(), this, period, period);
    }

    /// <summary>Cancelled by a stall, or by the caller.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Whether a wait took longer than its limit.</summary>
    public bool HasStalled => Volatile.Read(ref _stalled) == 1;

    /// <summary>A wait begins.</summary>
    public void Begin(TimeSpan limit) =>
        Volatile.Write(ref _deadline, _time.GetTimestamp() + (long)(limit.TotalSeconds * _time.TimestampFrequency));

    /// <summary>The wait is over.</summary>
    public void End() => Volatile.Write(ref _deadline, long.MaxValue);

    public void Dispose()
    {
        _timer.Dispose();
        _cancel.Dispose();
    }

    private void Look()
    {
        if (_time.GetTimestamp() < Volatile.Read(ref _deadline) || Interlocked.Exchange(ref _stalled, 1) == 1)
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
