using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Orleans.Embedded.Tests.Placement;

public interface IAwaitedGrain : IGrainWithStringKey
{
    Task Hold(string name, CancellationToken cancellationToken);

    Task Plain();
}

/// <summary>A grain whose placement takes until its key is signalled.</summary>
[AwaitedPlacement]
public sealed class AwaitedGrain : Grain, IAwaitedGrain
{
    public Task Hold(string name, CancellationToken cancellationToken)
    {
        return Signals.Reached($"{name} out").WaitAsync(cancellationToken);
    }

    public Task Plain()
    {
        return Task.CompletedTask;
    }
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class AwaitedPlacementAttribute() : PlacementAttribute(new AwaitedPlacement());

public sealed class AwaitedPlacement : PlacementStrategy;

public sealed class AwaitedDirector : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString()!;
        Signals.Set($"{name} asked");
        await Signals.Reached($"{name} placed");
        return context.GetCompatibleSilos(target).Order().Last();
    }
}
