using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Orleans.Embedded.Tests.Placement;

public interface IStrayGrain : IGrainWithIntegerKey
{
    Task<string> Silo();
}

[StrayPlacement]
public sealed class StrayGrain : Grain, IStrayGrain
{
    public Task<string> Silo()
    {
        return Task.FromResult(RuntimeIdentity);
    }
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class StrayPlacementAttribute() : PlacementAttribute(new StrayPlacement());

public sealed class StrayPlacement : PlacementStrategy;

/// <summary>What the director answers.</summary>
public sealed class StrayChoice
{
    public SiloAddress? Silo { get; set; }
}

public sealed class StrayDirector(StrayChoice choice) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        return Task.FromResult(choice.Silo!);
    }
}
