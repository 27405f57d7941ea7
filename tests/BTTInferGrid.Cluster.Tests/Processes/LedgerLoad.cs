using System.Diagnostics;

namespace BTTInferGrid.Cluster.Tests.Processes;

/// <summary>
/// Callers that each add to a ledger of their own, repeat what is not answered, and remember what was. In the end each
/// ledger must hold exactly that.
/// </summary>
internal sealed class LedgerLoad : IAsyncDisposable
{
    private const int Callers = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly List<string>[] _acknowledged = new List<string>[Callers];
    private readonly RunningCluster _cluster;
    private readonly string _prefix;
    private readonly Task _running;
    private int _failures;

    public LedgerLoad(RunningCluster cluster, string prefix)
    {
        (_cluster, _prefix) = (cluster, prefix);
        for (var i = 0; i < Callers; i++)
        {
            _acknowledged[i] = [];
        }

        _running = Task.WhenAll(Enumerable.Range(0, Callers).Select(RunAsync));
    }

    public int Failures => Volatile.Read(ref _failures);

    public int Acknowledged => _acknowledged.Sum(static entries => Count(entries));

    /// <summary>Waits until every caller has one more answer than now, and tells how long that took.</summary>
    public async Task<TimeSpan> UntilAllGoOnAsync(TimeSpan patience)
    {
        var since = Stopwatch.GetTimestamp();
        var before = Array.ConvertAll(_acknowledged, Count);
        await Poll.UntilAsync(
            () => Task.FromResult(string.Join(' ', _acknowledged.Select((entries, i) => Count(entries) - before[i]))),
            more => !more.Split(' ').Contains("0"),
            patience);
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>Ends the load and compares.</summary>
    public async Task VerifyAsync()
    {
        await _stop.CancelAsync();
        await _running;
        for (var caller = 0; caller < Callers; caller++)
        {
            string[] stored = [];
            await RunningCluster.UntilAnsweredAsync(
                async () => stored = await _cluster.Ledger(Name(caller)).Entries(), TimeSpan.FromSeconds(30));
            stored.Should().Equal(_acknowledged[caller], "no write is lost that was acknowledged, and none is there twice");
        }
    }

    /// <summary>Ends it at once, also where nothing is answered any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abort.CancelAsync();
        await _running;
        _abort.Dispose();
        _stop.Dispose();
    }

    private static int Count(List<string> entries)
    {
        lock (entries)
        {
            return entries.Count;
        }
    }

    private string Name(int caller) => $"{_prefix}-load-{caller}";

    private async Task RunAsync(int caller)
    {
        var ledger = _cluster.Ledger(Name(caller));
        for (var number = 0; ; number++)
        {
            // The last entry is repeated until it is answered, so that what is stored is known.
            while (!await TryAddAsync(ledger, $"{number}"))
            {
                if (_abort.IsCancellationRequested)
                {
                    return;
                }

                await Task.Delay(Pause);
            }

            lock (_acknowledged[caller])
            {
                _acknowledged[caller].Add($"{number}");
            }

            if (_stop.IsCancellationRequested || _abort.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Pause);
        }
    }

    private async Task<bool> TryAddAsync(ILedgerGrain ledger, string entry)
    {
        try
        {
            await ledger.Add(entry);
            return true;
        }
        catch (Exception)
        {
            Interlocked.Increment(ref _failures);
            return false;
        }
    }
}
