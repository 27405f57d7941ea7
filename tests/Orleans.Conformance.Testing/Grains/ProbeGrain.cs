namespace Orleans.Conformance.Testing.Grains;

public class ProbeGrain : Grain, IProbeGrain
{
    private static readonly AsyncLocal<string?> Leak = new();
    private int _value;

    public Task<string> Echo(string text)
    {
        return Task.FromResult(text);
    }

    public Task<string> Key()
    {
        return Task.FromResult(this.GetPrimaryKeyString());
    }

    public ValueTask<int> Twice(int value)
    {
        return new ValueTask<int>(value * 2);
    }

    public ValueTask Nothing()
    {
        return ValueTask.CompletedTask;
    }

    public Task Plain()
    {
        return Task.CompletedTask;
    }

    public async Task<int> Increment(int yields)
    {
        var read = _value;
        for (var i = 0; i < yields; i++)
        {
            await Task.Yield();
        }

        return _value = read + 1;
    }

    public async Task Hold(string name)
    {
        Signals.Set(name + " in");
        await Signals.Reached(name + " out");
        _value++;
    }

    public Task HoldReadOnly(string name)
    {
        return Hold(name);
    }

    public Task<int> Peek()
    {
        return Task.FromResult(_value);
    }

    public Task HoldInterleaved(string name)
    {
        return Hold(name);
    }

    public Task Notify(string signal)
    {
        Signals.Set(signal);
        return Task.CompletedTask;
    }

    public Task NotifyAndThrow(string signal)
    {
        Signals.Set(signal);
        throw new InvalidOperationException("Nobody hears this.");
    }

    public void Tell(string signal)
    {
        Signals.Set(signal);
    }

    public Task HoldShort(string name)
    {
        return Hold(name);
    }

    public async Task HoldCancellable(string name, CancellationToken cancellationToken)
    {
        var scheduler = TaskScheduler.Current;
        var wait = Signals.Reached(name + " out").WaitAsync(cancellationToken);
        using var registration = cancellationToken.Register(() =>
            Signals.Set(name + (TaskScheduler.Current == scheduler ? " cancelled in turn" : " cancelled elsewhere")));
        Signals.Set(name + " in");
        await wait;
    }

    public async Task Throw(string message)
    {
        await Task.Yield();
        throw new NotSupportedException(message);
    }

    public Task ThrowBeforeTask(string message)
    {
        throw new NotSupportedException(message);
    }

    public Task ThrowAggregate()
    {
        throw new AggregateException(new InvalidOperationException("one"), new InvalidOperationException("two"));
    }

    public async Task<bool> ResumesOnOwnScheduler()
    {
        var before = TaskScheduler.Current;
        await Task.Run(static () => { });
        var afterRun = TaskScheduler.Current;
        await Task.Yield();
        return before != TaskScheduler.Default && afterRun == before && TaskScheduler.Current == before;
    }

    public Task<bool> StartsCleanOfAsyncLocals()
    {
        var isClean = Leak.Value is null;
        Leak.Value = "left behind";
        return Task.FromResult(isClean);
    }

    public Task<string> CallOther(string key, string text)
    {
        return GrainFactory.GetGrain<IProbeGrain>(key).Echo(text);
    }

    public async Task CallOtherUntil(string key, string signal)
    {
        var other = GrainFactory.GetGrain<IProbeGrain>(key);
        while (!Signals.IsSet(signal))
        {
            await other.Plain();
        }
    }

    public Task CallSelf()
    {
        return GrainFactory.GetGrain<IProbeGrain>(this.GetPrimaryKeyString()).Plain();
    }

    public Task<string> Silo()
    {
        return Task.FromResult(RuntimeIdentity);
    }

    public Task<string> ActivationId()
    {
        return Task.FromResult(GrainContext.ActivationId.ToString());
    }

    public Task DeactivateSoon()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<IProbeGrain> Self()
    {
        return Task.FromResult(this.AsReference<IProbeGrain>());
    }
}
