using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Orleans.Conformance.Testing.Grains;

public interface IDirectedGrain : IPlacedGrain;

[KeyPlacement]
public class DirectedGrain : PlacedGrain, IDirectedGrain;

public interface IUndirectedGrain : IPlacedGrain;

[UndirectedPlacement]
public class UndirectedGrain : PlacedGrain, IUndirectedGrain;

[AttributeUsage(AttributeTargets.Class)]
public sealed class KeyPlacementAttribute() : PlacementAttribute(new KeyPlacement());

[AttributeUsage(AttributeTargets.Class)]
public sealed class UndirectedPlacementAttribute() : PlacementAttribute(new UndirectedPlacement());

/// <summary>The silo that the key counts to, or the one that the caller's context names by number.</summary>
public sealed class KeyPlacement : PlacementStrategy;

/// <summary>A strategy that no silo has a director for.</summary>
public sealed class UndirectedPlacement : PlacementStrategy;

public sealed class KeyPlacementDirector(ILocalSiloDetails silo) : IPlacementDirector
{
    public const string NumberKey = "silo number";

    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        Assert.IsType<KeyPlacement>(strategy);
        Assert.Equal(silo.SiloAddress, context.LocalSilo);
        Assert.Equal(SiloStatus.Active, context.LocalSiloStatus);
        var silos = context.GetCompatibleSilos(target).Order().ToArray();
        var number = target.RequestContextData?.GetValueOrDefault(NumberKey) as int?
            ?? (int)target.GrainIdentity.GetIntegerKey();
        return Task.FromResult(
            IPlacementDirector.GetPlacementHint(target.RequestContextData!, silos) ?? silos[number % silos.Length]);
    }
}
