namespace BTTInferGrid.Compute;

/// <summary>
/// One miner: its session with the grid, its state, and what the grid knows of it. The key is the miner's id. The grain
/// lives on the silo that holds the miner's session, and while there is none, on any silo.
/// </summary>
[Alias("grid.miner")]
public interface IMinerGrain : IGrainWithStringKey
{
    /// <summary>What the grain's key begins with, see <see cref="GrainKeys"/>.</summary>
    const string KeyPrefix = "miner/";

    /// <summary>
    /// A silo has a session of this miner. The caller sets a placement hint for itself and repeats the call while the
    /// answer is false: the grain then still lives elsewhere and makes room.
    /// </summary>
    /// <param name="holder">The silo that holds the session.</param>
    /// <param name="offer">What the miner offers.</param>
    /// <returns>Whether the grain is on that silo and has the session.</returns>
    /// <exception cref="RequestRefusedException">
    /// The offer is malformed, for another miner, or for a model that this grid does not serve.
    /// </exception>
    [Alias("attach"), ResponseTimeout("00:00:03")]
    Task<bool> Attach(SiloAddress holder, MinerOffer offer);

    /// <summary>A session of this miner has ended.</summary>
    /// <param name="holder">The silo that held it.</param>
    /// <param name="reason">Why it ended, for a person.</param>
    [Alias("detach"), ResponseTimeout("00:00:05")]
    Task Detach(SiloAddress holder, string reason);

    /// <summary>
    /// The miner has reported what it is doing. A grain that has come up on another silo than the one with the session, as one
    /// can whose place was known to a silo that died, moves there.
    /// </summary>
    /// <param name="holder">The silo that holds the session.</param>
    /// <param name="status">Its latest status.</param>
    [Alias("report-status"), OneWay]
    Task ReportStatus(SiloAddress holder, MinerStatus status);

    /// <summary>
    /// Runs one generation. The stream is any number of <see cref="JobTokens"/>, then exactly one <see cref="JobResult"/>.
    /// Cancelling stops the engine within one decode step. What a stranger's miner sends is passed on as it is: the job
    /// validates it.
    /// </summary>
    /// <param name="request">Prompt, parameters and seed.</param>
    /// <param name="cancellationToken">Ends the generation early; the tokens made so far stand.</param>
    /// <exception cref="MinerLostException">The miner is not connected, or its session ended.</exception>
    /// <exception cref="MinerBusyException">The miner's queue is full, or it is draining.</exception>
    /// <exception cref="RequestRefusedException">The miner says that it can never serve the request.</exception>
    /// <exception cref="MinerFailedException">The engine broke, or the miner broke the protocol.</exception>
    [Alias("generate")]
    IAsyncEnumerable<JobEvent> Generate(GenerateRequest request, CancellationToken cancellationToken = default);

    /// <summary>Turns texts into vectors of length 1.</summary>
    /// <param name="request">The texts.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MinerLostException">The miner is not connected, or its session ended.</exception>
    /// <exception cref="MinerBusyException">The miner's queue is full, or it is draining.</exception>
    /// <exception cref="RequestRefusedException">The miner says that it can never serve the request.</exception>
    /// <exception cref="MinerFailedException">The computation broke, or the miner broke the protocol.</exception>
    [Alias("embed"), ResponseTimeout("00:02:00")]
    Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken = default);

    /// <summary>What the grid knows of the miner; null if it never joined.</summary>
    [Alias("standing")]
    Task<MinerStanding?> Standing();

    /// <summary>A job reports how the miner's part in it ended.</summary>
    /// <param name="outcome">How it ended.</param>
    [Alias("report"), OneWay]
    Task Report(MinerOutcome outcome);

    /// <summary>Keeps the miner from getting jobs until <see cref="Resume"/>, whether it is connected or not.</summary>
    /// <param name="reason">Why, for the miner's owner.</param>
    [Alias("suspend")]
    Task Suspend(string reason);

    /// <summary>Ends a suspension by the operator; the miner gets jobs again after a probe.</summary>
    [Alias("resume")]
    Task Resume();
}
