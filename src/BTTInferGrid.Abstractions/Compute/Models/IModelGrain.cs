namespace BTTInferGrid.Compute;

/// <summary>One model of the catalogue and its miners. The key is the model id.</summary>
[Alias("grid.model")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>
    /// Reports miners. Each silo that holds sessions of miners reports at least once a second, if only that it is alive; the
    /// miners of a silo that does not are gone after a while. Of a miner that several silos report, the latest report of one
    /// that has it counts.
    /// </summary>
    /// <param name="report">What has changed.</param>
    /// <returns>False if the grain lacks what the report builds on, and so needs a complete one.</returns>
    /// <exception cref="RequestRefusedException">The report is malformed, or has a miner of another model.</exception>
    [Alias("publish"), ResponseTimeout("00:00:03")]
    Task<bool> Publish(MinerReport report);

    /// <summary>The miners of this model that are connected, or were not long ago; empty when there is none.</summary>
    [Alias("miners")]
    Task<ImmutableArray<MinerStanding>> Miners();

    /// <summary>How many miners would get jobs now.</summary>
    [Alias("active-miners"), ResponseTimeout("00:00:03")]
    Task<int> ActiveMiners();

    /// <summary>Chooses the miner for one job, which counts as the miner's load until <see cref="Release"/>.</summary>
    /// <param name="request">What the job needs.</param>
    /// <exception cref="NoMinerException">No miner can serve the request; the reason says why.</exception>
    /// <exception cref="ModelBusyException">Those that can have no room for it now.</exception>
    [Alias("route"), ResponseTimeout("00:00:03")]
    Task<Route> Route(RouteRequest request);

    /// <summary>Notes that the miner's part in the job is over.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="minerId">The miner.</param>
    [Alias("release"), OneWay]
    Task Release(string jobId, string minerId);
}
