using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orleans.Embedded.Chaos.Load;

/// <summary>Callers that call one of several targets after the other until told to end.</summary>
internal abstract class CallLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly int _targets;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private readonly Task _callers;
    private long _answers;
    private long _slowestTicks;

    protected CallLoad(int callers, int targets, int seed)
    {
        _targets = targets;
        _callers = Task.WhenAll(Enumerable.Range(0, callers).Select(i => Task.Run(() => CallOnAsync(new Random(seed + i)))));
    }

    /// <summary>How many calls were answered.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>How many calls failed, by the type of the exception.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>The longest time from a call to its answer or failure.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref _slowestTicks));

    public Task EndAsync()
    {
        _end.Cancel();
        return _callers;
    }

    /// <summary>Waits until each target has answered, whatever fails before; returns how long that took.</summary>
    public async Task<TimeSpan> UntilAllServeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, _targets).Select(async target =>
        {
            while (!await TryCallAsync(target))
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }));
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Waits until some caller has got one more answer.</summary>
    public async Task UntilProgressAsync()
    {
        var before = Answers;
        while (Answers == before)
        {
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
    }

    /// <summary>One call; whoever made it notes what came of it.</summary>
    protected abstract Task CallAsync(int target);

    private async Task CallOnAsync(Random random)
    {
        while (!_end.IsCancellationRequested)
        {
            if (!await TryCallAsync(random.Next(_targets)))
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    private async Task<bool> TryCallAsync(int target)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await CallAsync(target);
            Interlocked.Increment(ref _answers);
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
