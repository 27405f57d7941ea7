using Orleans.Concurrency;

namespace Orleans.Conformance.Testing.Grains;

public interface IReentrantGrain : IGrainWithIntegerKey
{
    Task Hold(string name);

    Task CallSelf();

    Task<long> Key();
}

[Reentrant]
public class ReentrantGrain : Grain, IReentrantGrain
{
    public async Task Hold(string name)
    {
        Signals.Set(name + " in");
        await Signals.Reached(name + " out");
    }

    public Task CallSelf()
    {
        return GrainFactory.GetGrain<IReentrantGrain>(this.GetPrimaryKeyLong()).Key();
    }

    public Task<long> Key()
    {
        return Task.FromResult(this.GetPrimaryKeyLong());
    }
}
