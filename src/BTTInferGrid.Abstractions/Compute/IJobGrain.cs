namespace BTTInferGrid.Compute;

/// <summary>One inference, from placement to the last token. The key is the job id, and a job id runs once.</summary>
[Alias("grid.job")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Places the job on a miner and streams its answer: one <see cref="JobPlaced"/>, any number of
    /// <see cref="JobTokens"/>, then exactly one <see cref="JobResult"/>.
    /// </summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Ends the job; the miner's engine stops within one decode step.</param>
    /// <exception cref="NoMinerException">No miner can serve the request.</exception>
    /// <exception cref="RequestRefusedException">The request is impossible, or this job id has run already.</exception>
    /// <exception cref="MinerFailedException">The miner broke, or broke the protocol.</exception>
    [Alias("run")]
    IAsyncEnumerable<JobEvent> Run(JobRequest request, CancellationToken cancellationToken = default);
}
