namespace Orleans.Conformance.Testing.Grains;

public interface IIdleGrain : IGrainWithStringKey
{
    Task Ping();

    Task Await(string signal);

    Task Delay(TimeSpan time);

    Task StartTimer(TimeSpan period, bool keepAlive);
}

/// <summary>Ends after the silo's time; sets the signal "key reason" when it does.</summary>
public class IdleGrain : Grain, IIdleGrain
{
    public Task Ping()
    {
        return Task.CompletedTask;
    }

    public Task Await(string signal)
    {
        Signals.Set(signal + " awaited");
        return Signals.Reached(signal);
    }

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public Task StartTimer(TimeSpan period, bool keepAlive)
    {
        this.RegisterGrainTimer(
            () => Task.CompletedTask, new GrainTimerCreationOptions(period, period) { KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Signals.Set($"{this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }
}

[CollectionAgeLimit(Minutes = 3)]
public class ShortLivedIdleGrain : IdleGrain;

[KeepAlive]
public class KeptIdleGrain : IdleGrain;
