using System.Runtime.CompilerServices;

namespace BTTInferGrid.Compute;

/// <summary>Runs jobs for a front, and reads their answers on the shortest way.</summary>
public interface IJobStreams
{
    /// <summary>Runs a job; see <see cref="IJobGrain.Run"/>. The end of the token or of the reader ends it, without a wait.</summary>
    /// <param name="jobId">The job's id.</param>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Ends the job.</param>
    IAsyncEnumerable<JobEvent> Run(string jobId, JobRequest request, CancellationToken cancellationToken);
}

/// <summary>Jobs whose grains are in other processes, for a front that is a client of the cluster.</summary>
/// <param name="grains">The cluster.</param>
public sealed class ClusterJobStreams(IGrainFactory grains) : IJobStreams
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<JobEvent> Run(
        string jobId, JobRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var job = grains.GetGrain<IJobGrain>(jobId).Run(request, cancellationToken);
        await using var events = new AbandonableEnumerator<JobEvent>(job, cancellationToken);
        while (await events.MoveNextAsync())
        {
            yield return events.Current;
        }
    }
}
