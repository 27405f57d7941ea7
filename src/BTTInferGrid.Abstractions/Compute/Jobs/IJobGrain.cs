namespace BTTInferGrid.Compute;

/// <summary>One inference, from routing to the last token. The key is the job id, and a job id runs once.</summary>
[Alias("grid.job")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Places the job on a miner and streams its answer: a <see cref="JobPlaced"/>, any number of
    /// <see cref="JobTokens"/>, then exactly one <see cref="JobResult"/>. A miner that is lost on the way is replaced: another
    /// <see cref="JobPlaced"/>, and the answer goes on with its next token.
    /// </summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Ends the job; the miner's engine stops within one decode step.</param>
    /// <exception cref="NoMinerException">No miner can serve the request.</exception>
    /// <exception cref="ModelBusyException">Those that can have no room for it now.</exception>
    /// <exception cref="RequestRefusedException">The request is impossible, as this grain or every miner says, or this job id has run already.</exception>
    /// <exception cref="MinerFailedException">Miners failed as often as a job may be placed.</exception>
    [Alias("run")]
    IAsyncEnumerable<JobEvent> Run(JobRequest request, CancellationToken cancellationToken = default);

    /// <summary>Turns texts into vectors on one miner; a miner that is lost is replaced.</summary>
    /// <param name="request">The texts, as token ids.</param>
    /// <param name="cancellationToken">Ends the job.</param>
    /// <exception cref="NoMinerException">No miner can serve the request.</exception>
    /// <exception cref="ModelBusyException">Those that can have no room for it now.</exception>
    /// <exception cref="RequestRefusedException">The request is impossible, or this job id has run already.</exception>
    /// <exception cref="MinerFailedException">Miners failed as often as a job may be placed.</exception>
    [Alias("embed"), ResponseTimeout("00:02:00")]
    Task<EmbedResult> Embed(EmbedJobRequest request, CancellationToken cancellationToken = default);

    /// <summary>What happened to the job so far; null if this job is not known, or no longer.</summary>
    [Alias("trace")]
    Task<JobTrace?> Trace();
}
