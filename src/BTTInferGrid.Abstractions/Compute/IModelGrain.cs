namespace BTTInferGrid.Compute;

/// <summary>One model of the catalogue and the miners that serve it now. The key is the model id.</summary>
[Alias("grid.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>A miner serves this model from now on. Offering again replaces the miner's earlier offer.</summary>
    /// <param name="offer">What the miner serves.</param>
    /// <exception cref="RequestRefusedException">The offer is for another model.</exception>
    [Alias("offer")]
    Task Offer(MinerOffer offer);

    /// <summary>A miner no longer serves this model. Unknown miners are ignored.</summary>
    /// <param name="minerId">Id of the miner.</param>
    [Alias("withdraw")]
    Task Withdraw(string minerId);

    /// <summary>The miners that serve this model now, in no particular order; empty when there is none.</summary>
    [Alias("miners")]
    Task<ImmutableArray<MinerOffer>> Miners();

    /// <summary>Chooses the miner for one job.</summary>
    /// <param name="request">What the job needs.</param>
    /// <exception cref="NoMinerException">No miner can serve the request; the reason says why.</exception>
    [Alias("place")]
    Task<MinerOffer> Place(PlacementRequest request);
}
