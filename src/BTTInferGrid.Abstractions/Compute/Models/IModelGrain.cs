namespace BTTInferGrid.Compute;

/// <summary>One model of the catalogue and its miners. The key is the model id.</summary>
[Alias("grid.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>A miner's record tells where the miner stands; the latest word counts.</summary>
    /// <param name="standing">Where it stands.</param>
    /// <exception cref="RequestRefusedException">The miner's offer is for another model.</exception>
    [Alias("update")]
    Task Update(MinerStanding standing);

    /// <summary>The miners of this model that are connected, or were not long ago; empty when there is none.</summary>
    [Alias("miners")]
    Task<ImmutableArray<MinerStanding>> Miners();

    /// <summary>How many miners would get jobs now.</summary>
    [Alias("active-miners")]
    Task<int> ActiveMiners();

    /// <summary>Chooses the miner for one job. Whoever asks says <see cref="Release"/> when the miner's part is over.</summary>
    /// <param name="request">What the job needs.</param>
    /// <exception cref="NoMinerException">No miner can serve the request; the reason says why.</exception>
    [Alias("place")]
    Task<Placement> Place(PlacementRequest request);

    /// <summary>The miner's part in the job is over.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="minerId">The miner.</param>
    [Alias("release"), OneWay]
    Task Release(string jobId, string minerId);
}
