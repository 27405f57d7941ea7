using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// Jobs whose grains are on the front's own silo, as they are by their placement. The grain's call carries the start, the end
/// and the failure; what comes between goes through memory, because a message of Orleans for each step costs more than the rest
/// of the step's way. A grain that is elsewhere after all sends its events with the call.
/// </summary>
/// <param name="grains">The cluster.</param>
internal sealed class LocalJobStreams(IGrainFactory grains) : IJobStreams
{
    // A reader that is slow lets the job wait, and through the job its miner.
    private const int Capacity = 64;

    private readonly ConcurrentDictionary<string, ChannelWriter<JobEvent>> _readers = new(StringComparer.Ordinal);

    /// <summary>Where the events of a job go; null if nobody in this process reads them.</summary>
    public ChannelWriter<JobEvent>? Find(string jobId) => _readers.GetValueOrDefault(jobId);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobEvent> Run(
        string jobId, JobRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateBounded<JobEvent>(new BoundedChannelOptions(Capacity) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _readers[jobId] = events.Writer;
        var job = RunAsync(jobId, request, events.Writer, stop.Token);
        try
        {
            await foreach (var step in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return step;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await job;
            _readers.TryRemove(jobId, out _);
        }
    }

    private async Task RunAsync(
        string jobId, JobRequest request, ChannelWriter<JobEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            var job = grains.GetGrain<IJobGrain>(jobId).Run(request, cancellationToken);
            await using var steps = new AbandonableEnumerator<JobEvent>(job, cancellationToken);
            while (await steps.MoveNextAsync())
            {
                await events.WriteAsync(steps.Current, cancellationToken);
            }

            events.TryComplete();
        }
        catch (Exception failure)
        {
            events.TryComplete(failure);
        }
    }
}
