using Orleans.Concurrency;

namespace Orleans.Conformance.Testing.Grains;

public interface IReentrantEndGrain : IGrainWithStringKey
{
    Task<int> Hold(string name);

    [AlwaysInterleave]
    Task End();

    Task<int> Number();
}

/// <summary>Can be told to end while a request runs.</summary>
public class ReentrantEndGrain : Grain, IReentrantEndGrain
{
    private static readonly ConcurrentDictionary<string, int> Activations = new();
    private int _number;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _number = Activations.AddOrUpdate(this.GetPrimaryKeyString(), 1, static (_, count) => count + 1);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Signals.Set($"{this.GetPrimaryKeyString()} deactivated {_number}");
        return Task.CompletedTask;
    }

    public async Task<int> Hold(string name)
    {
        Signals.Set(name + " in");
        await Signals.Reached(name + " out");
        return _number;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task<int> Number()
    {
        return Task.FromResult(_number);
    }
}
