using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans.Embedded.Chaos.Grains;

namespace Orleans.Embedded.Chaos.Load;

/// <summary>Callers that append to ledgers one after the other until told to end, and what they were told.</summary>
internal sealed class LedgerLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly IGrainFactory _grains;
    private readonly int _ledgers;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _callers;
    private readonly ConcurrentQueue<Acknowledged> _acknowledged = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private long _operations;
    private long _slowestTicks;

    public LedgerLoad(IGrainFactory grains, int callers, int ledgers, int seed)
    {
        _grains = grains;
        _ledgers = ledgers;
        _callers = Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => CallAsync(new Random(seed + i)))));
    }

    public IReadOnlyCollection<Acknowledged> Acknowledged => _acknowledged;

    /// <summary>How many calls failed, by the type of the exception.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>The longest time from a call to its answer or failure.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref _slowestTicks));

    public Task EndAsync()
    {
        _end.Cancel();
        return _callers;
    }

    /// <summary>Waits until each ledger has taken an entry, whatever fails before; returns how long that took.</summary>
    public async Task<TimeSpan> UntilAllServeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, _ledgers).Select(async ledger =>
        {
            while (!await TryAppendAsync(ledger))
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }));
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Waits until some caller has got one more answer.</summary>
    public async Task UntilProgressAsync()
    {
        var before = _acknowledged.Count;
        while (_acknowledged.Count == before)
        {
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    private async Task CallAsync(Random random)
    {
        while (!_end.IsCancellationRequested)
        {
            if (!await TryAppendAsync(random.Next(_ledgers)))
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    private async Task<bool> TryAppendAsync(long ledger)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            // An operation is never tried again: a failed call may have been executed.
            var entry = await _grains.GetGrain<ILedgerGrain>(ledger).Append(Interlocked.Increment(ref _operations));
            _acknowledged.Enqueue(new Acknowledged(ledger, entry));
            return true;
        }
        catch (Exception error)
        {
            _failures.AddOrUpdate(error.GetType().Name, 1, static (_, count) => count + 1);
            return false;
        }
        finally
        {
            NoteDuration(Stopwatch.GetElapsedTime(started).Ticks);
        }
    }

    private void NoteDuration(long ticks)
    {
        var slowest = Interlocked.Read(ref _slowestTicks);
        while (ticks > slowest)
        {
            var known = Interlocked.CompareExchange(ref _slowestTicks, ticks, slowest);
            if (known == slowest)
            {
                return;
            }

            slowest = known;
        }
    }
}
