using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// The jobs of this silo that have ended and whose traces can still be asked for. Their number is bounded, whatever the
/// load: one more lets go of the one that ended first. Invariant: at most <see cref="JobOptions.KeptTraces"/> are kept.
/// </summary>
internal sealed class TraceRetention(IOptions<JobOptions> options)
{
    private static readonly DeactivationReason Enough = new(
        DeactivationReasonCode.ApplicationRequested, "Enough jobs have ended since, and their traces are kept instead.");

    private readonly int _limit = options.Value.KeptTraces;
    private readonly Queue<IGrainContext> _kept = new();
    private readonly Lock _lock = new();

    /// <summary>Keeps a job that ends.</summary>
    /// <param name="job">Its activation.</param>
    public void Keep(IGrainContext job)
    {
        IGrainContext oldest;
        lock (_lock)
        {
            _kept.Enqueue(job);
            if (_kept.Count <= _limit)
            {
                return;
            }

            oldest = _kept.Dequeue();
        }

        oldest.Deactivate(Enough);
    }
}
