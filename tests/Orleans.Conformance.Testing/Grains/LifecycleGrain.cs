namespace Orleans.Conformance.Testing.Grains;

public interface ILifecycleGrain : IGrainWithStringKey
{
    Task<int> Events();

    Task Hold(string name);

    Task End();
}

/// <summary>Signals what happens to it: "key activated 1", "key deactivated 1 reason".</summary>
public class LifecycleGrain : Grain, ILifecycleGrain
{
    private static readonly ConcurrentDictionary<string, int> Activations = new();
    private int _number;
    private int _events;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _number = Activations.AddOrUpdate(this.GetPrimaryKeyString(), 1, static (_, count) => count + 1);
        _events++;
        Signals.Set($"{this.GetPrimaryKeyString()} activated {_number}");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Signals.Set($"{this.GetPrimaryKeyString()} deactivated {_number} {reason.ReasonCode}");
    }

    public Task<int> Events()
    {
        return Task.FromResult((_number * 10) + _events);
    }

    public async Task Hold(string name)
    {
        Signals.Set(name + " in");
        await Signals.Reached(name + " out");
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
