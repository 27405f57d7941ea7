namespace Orleans.Conformance.Testing.Grains;

public interface ITimerGrain : IGrainWithStringKey
{
    /// <summary>Ticks count; tick n sets the signal "name n", and waits for "name go n" if it holds.</summary>
    Task Start(string name, TimeSpan dueTime, TimeSpan period, bool holds = false, bool interleaves = false);

    Task StartEvery(TimeSpan period);

    Task StartFailing(string name, TimeSpan period);

    Task StartChanging(string name, TimeSpan dueTime, TimeSpan next);

    Task StartUntilCancelled(string name);

    Task Change(TimeSpan dueTime, TimeSpan period);

    Task Stop();

    Task<int> Ticks();

    Task<int> TicksOfEveryOverload();

    Task Await(string signal);

    Task End();
}

public class TimerGrain : Grain, ITimerGrain
{
    private readonly List<IGrainTimer> _timers = [];
    private readonly HashSet<int> _overloads = [];
    private int _ticks;

    public Task Start(string name, TimeSpan dueTime, TimeSpan period, bool holds, bool interleaves)
    {
        var scheduler = TaskScheduler.Current;
        _timers.Add(this.RegisterGrainTimer(
            async () =>
            {
                Assert.Same(scheduler, TaskScheduler.Current);
                var tick = ++_ticks;
                Signals.Set($"{name} {tick}");
                if (holds)
                {
                    await Signals.Reached($"{name} go {tick}");
                }
            },
            new GrainTimerCreationOptions(dueTime, period) { Interleave = interleaves }));
        return Task.CompletedTask;
    }

    public Task StartEvery(TimeSpan period)
    {
        var options = new GrainTimerCreationOptions { DueTime = period, Period = period };
        this.RegisterGrainTimer(() => Note(0), options);
        this.RegisterGrainTimer(() => Note(1), period, period);
        this.RegisterGrainTimer((CancellationToken _) => Note(2), options);
        this.RegisterGrainTimer((CancellationToken _) => Note(3), period, period);
        this.RegisterGrainTimer<int>(Note, 4, options);
        this.RegisterGrainTimer<int>(Note, 5, period, period);
        this.RegisterGrainTimer<int>((state, _) => Note(state), 6, options);
        this.RegisterGrainTimer<int>((state, _) => Note(state), 7, period, period);
        return Task.CompletedTask;

        Task Note(int overload)
        {
            _overloads.Add(overload);
            return Task.CompletedTask;
        }
    }

    public Task StartFailing(string name, TimeSpan period)
    {
        this.RegisterGrainTimer(
            () =>
            {
                Signals.Set($"{name} {++_ticks}");
                throw new InvalidOperationException("A tick failed.");
            },
            period,
            period);
        return Task.CompletedTask;
    }

    public Task StartChanging(string name, TimeSpan dueTime, TimeSpan next)
    {
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(
            () =>
            {
                timer!.Change(next, Timeout.InfiniteTimeSpan);
                Signals.Set($"{name} {++_ticks}");
                return Task.CompletedTask;
            },
            dueTime,
            dueTime);
        return Task.CompletedTask;
    }

    public Task StartUntilCancelled(string name)
    {
        _timers.Add(this.RegisterGrainTimer(
            async cancellation =>
            {
                Signals.Set(name + " started");
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
                finally
                {
                    Signals.Set(name + " cancelled");
                }
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.Zero) { Interleave = true }));
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan dueTime, TimeSpan period)
    {
        _timers[0].Change(dueTime, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timers.ForEach(static timer => timer.Dispose());
        return Task.CompletedTask;
    }

    public Task<int> Ticks()
    {
        return Task.FromResult(_ticks);
    }

    public Task<int> TicksOfEveryOverload()
    {
        return Task.FromResult(_overloads.Count);
    }

    public Task Await(string signal)
    {
        Signals.Set(signal + " awaited");
        return Signals.Reached(signal);
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
