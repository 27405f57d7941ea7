using Orleans.Placement;

namespace Orleans.Conformance.Testing.Grains;

public interface IPlacedGrain : IGrainWithIntegerKey
{
    Task<string> Silo();
}

public interface ILocalGrain : IPlacedGrain;

public interface IHashedGrain : IPlacedGrain;

public interface IRandomGrain : IPlacedGrain;

public abstract class PlacedGrain : Grain, IPlacedGrain
{
    public Task<string> Silo()
    {
        return Task.FromResult(RuntimeIdentity);
    }
}

[PreferLocalPlacement]
public class LocalGrain : PlacedGrain, ILocalGrain;

[HashBasedPlacement]
public class HashedGrain : PlacedGrain, IHashedGrain;

[RandomPlacement]
public class RandomGrain : PlacedGrain, IRandomGrain;
