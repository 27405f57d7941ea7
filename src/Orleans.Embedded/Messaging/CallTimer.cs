namespace Orleans.Embedded.Messaging;

/// <summary>
/// The silo's one timer: each tenth of a second it ends the calls that have waited too long. A call ends at its timeout
/// or up to one period later, and costs no timer of its own.
/// </summary>
internal sealed class CallTimer(TimeProvider clock, PendingCalls pending) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly List<Action<long>> _others = [];
    private ITimer? _timer;

    /// <summary>Runs something else in each period, with the current timestamp.</summary>
    public void Add(Action<long> sweep)
    {
        _others.Add(sweep);
    }

    public void Start()
    {
        _timer = clock.CreateTimer(static self => ((CallTimer)self!).Sweep(), this, Period, Period);
    }

    public void Dispose()
    {
        _timer?.Dispose();
    }

    private void Sweep()
    {
        var now = clock.GetTimestamp();
        pending.FailExpired(now);
        foreach (var sweep in _others)
        {
            sweep(now);
        }
    }
}
