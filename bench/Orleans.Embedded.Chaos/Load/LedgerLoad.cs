using System.Collections.Concurrent;
using Orleans.Embedded.Chaos.Grains;

namespace Orleans.Embedded.Chaos.Load;

/// <summary>Callers that append to ledgers, and what they were told.</summary>
internal sealed class LedgerLoad(IGrainFactory grains, int callers, int ledgers, int seed) : CallLoad(callers, ledgers, seed)
{
    private readonly ConcurrentQueue<Acknowledged> _acknowledged = new();
    private long _operations;

    public IReadOnlyCollection<Acknowledged> Acknowledged => _acknowledged;

    protected override async Task CallAsync(int target)
    {
        // An operation is never tried again: a failed call may have been executed.
        var entry = await grains.GetGrain<ILedgerGrain>(target).Append(Interlocked.Increment(ref _operations));
        _acknowledged.Enqueue(new Acknowledged(target, entry));
    }
}
