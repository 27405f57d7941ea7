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

/// <summary>
/// Jobs whose grains are in other processes, for a front that is a client of the cluster. The jobs of a silo that stops or is lost go on as
/// jobs of other silos, from what has been read of their answers.
/// </summary>
/// <param name="grains">The cluster.</param>
/// <param name="time">The clock.</param>
public sealed class ClusterJobStreams(IGrainFactory grains, TimeProvider time) : IJobStreams
{
    private const int MaxRuns = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobEvent> Run(
        string jobId, JobRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answered = new List<int>();
        ulong? seed = null;
        for (var run = 1; ; run++)
        {
            var job = grains.GetGrain<IJobGrain>(run == 1 ? jobId : $"{jobId}-{run}");
            var rest = seed is null ? request : request with { Answered = [.. answered], Seed = seed };
            await using var events = new AbandonableEnumerator<JobEvent>(job.Run(rest, cancellationToken), cancellationToken);
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (Exception failure) when (run < MaxRuns && IsLossOfSilo(failure) && !cancellationToken.IsCancellationRequested)
                {
                    break;
                }

                if (events.Current is JobTokens tokens)
                {
                    answered.AddRange(tokens.Tokens);
                }
                else if (events.Current is JobPlaced placed)
                {
                    seed = placed.Seed;
                }

                yield return events.Current;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // Orleans also cancels calls that wait for a silo that is lost.
    private static bool IsLossOfSilo(Exception failure) =>
        failure is OrleansException or EnumerationAbortedException or TimeoutException or OperationCanceledException;
}
