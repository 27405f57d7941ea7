using Orleans.Embedded.Edge;

namespace BTTInferGrid.Compute;

/// <summary>
/// What the grid believes of one miner, and its life with the grid. The key is the miner's id. States: Joining, Probing,
/// Active, Draining, Suspended, Gone; each with a reason.
/// </summary>
[Alias("grid.miner-record")]
public interface IMinerRecordGrain : IGrainWithStringKey
{
    /// <summary>
    /// The miner is there and serves this. It is measured and probed, and gets jobs when it has passed. Joining again
    /// begins anew. An edge silo can call this for itself only.
    /// </summary>
    /// <param name="offer">What the miner serves.</param>
    /// <exception cref="RequestRefusedException">The offer is malformed, for another miner, or for a model that this grid does not serve.</exception>
    [Alias("join"), EdgeCallable]
    Task Join(MinerOffer offer);

    /// <summary>
    /// Whether the grid watches the miner. A miner that is connected and not watched joins again. An edge silo can call
    /// this for itself only.
    /// </summary>
    [Alias("is-watched"), EdgeCallable]
    Task<bool> IsWatched();

    /// <summary>What the grid believes of the miner; null if it never joined.</summary>
    [Alias("standing")]
    Task<MinerStanding?> Standing();

    /// <summary>A job tells how the miner's part in it went.</summary>
    /// <param name="outcome">How it went.</param>
    [Alias("report"), OneWay]
    Task Report(MinerOutcome outcome);

    /// <summary>The operator keeps the miner from getting jobs until <see cref="Resume"/>.</summary>
    /// <param name="reason">Why, for the miner's owner.</param>
    [Alias("suspend")]
    Task Suspend(string reason);

    /// <summary>The operator lets a suspended miner in again, after a probe.</summary>
    [Alias("resume")]
    Task Resume();
}
