using Orleans.Embedded.Activations;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Timers;

/// <summary>
/// A timer of one activation. It waits in the silo's queue, or its tick waits or runs in the activation, or it is at
/// rest; never two of these at once, so ticks do not overlap.
/// </summary>
internal abstract class GrainTimer(Activation activation, GrainTimerCreationOptions options) : IGrainTimer
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(uint.MaxValue - 1);
    private readonly CancellationTokenSource _cancellation = new();
    private TimeSpan _next;
    private TimeSpan _period;
    private TimerEntry? _entry;
    private Message? _tick;
    private bool _isStopped;

    public bool Interleaves => options.Interleave;

    public bool KeepsAlive => options.KeepAlive;

    protected CancellationToken Token => _cancellation.Token;

    private TimerQueue Queue => activation.Host.Timers;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        lock (this)
        {
            _next = dueTime;
            _period = period;
            if (TryRest())
            {
                Schedule();
            }
        }
    }

    public void Dispose()
    {
        activation.Timers?.Remove(this);
        Stop();
    }

    /// <summary>Ends the timer and cancels the callback's token.</summary>
    public void Stop()
    {
        lock (this)
        {
            if (_isStopped)
            {
                return;
            }

            _isStopped = true;
            TryRest();
        }

        try
        {
            _cancellation.Cancel();
        }
        catch (AggregateException error)
        {
            activation.Host.Lifecycle.ReportTimerStopFailed(activation.Address, error);
        }
    }

    /// <summary>The queue's sign that the time has come.</summary>
    public void Tick(TimerEntry entry)
    {
        lock (this)
        {
            if (!ReferenceEquals(_entry, entry))
            {
                return;
            }

            _entry = null;
            _next = _period;
            _tick = new Message
            {
                Kind = MessageKind.OneWay,
                SendingSilo = activation.Address.SiloAddress!,
                TargetSilo = activation.Address.SiloAddress,
                TargetGrain = activation.GrainId,
                Body = new TimerTick(this),
            };
            activation.Gate.TryAdmit(_tick);
        }
    }

    /// <summary>Runs the callback and then begins the next period.</summary>
    public async Task RunAsync()
    {
        try
        {
            // Ticks that come while the silo may not act do nothing; the timer goes on.
            if (!Token.IsCancellationRequested && !activation.Host.Fence.IsUp)
            {
                await CallAsync();
            }
        }
        catch (OperationCanceledException) when (Token.IsCancellationRequested)
        {
            // The callback did as its token asked.
        }
        finally
        {
            lock (this)
            {
                _tick = null;
                Schedule();
            }
        }
    }

    protected abstract Task CallAsync();

    private static void Check(TimeSpan time, string name)
    {
        if (time != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(time, MaxTime, name);
        }
    }

    private void Schedule()
    {
        if (!_isStopped && _next != Timeout.InfiniteTimeSpan)
        {
            _entry = Queue.Add(this, _next);
        }
    }

    /// <summary>
    /// Takes the timer out of the queue, or its tick back. False when the tick has begun: then its end schedules.
    /// </summary>
    private bool TryRest()
    {
        if (_entry is not null)
        {
            Queue.Remove(_entry);
            _entry = null;
        }

        if (_tick is not null && activation.Gate.TryWithdraw(_tick))
        {
            _tick = null;
        }

        return _tick is null;
    }
}

/// <summary>A timer with its callback and the state that the callback gets.</summary>
internal sealed class GrainTimer<TState>(
    Activation activation,
    Func<TState, CancellationToken, Task> callback,
    TState state,
    GrainTimerCreationOptions options) : GrainTimer(activation, options)
{
    protected override Task CallAsync()
    {
        return callback(state, Token);
    }
}
