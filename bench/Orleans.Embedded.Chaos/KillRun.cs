using System.Diagnostics;
using System.Globalization;
using Orleans.Embedded.Chaos.Cluster;
using Orleans.Embedded.Chaos.Load;

namespace Orleans.Embedded.Chaos;

/// <summary>Kills one silo after the other under load, and tells what came of the promises.</summary>
internal sealed record KillRun(IReadOnlyList<TimeSpan> Recoveries, LedgerLoad Load, IReadOnlyList<string> Broken)
{
    private const int Ledgers = 64;
    private const int Callers = 16;

    /// <summary>Runs for a time; the seed decides who is killed and when.</summary>
    public static async Task<KillRun> RunAsync(ChaosCluster cluster, TimeSpan duration, int seed, Action<string> report)
    {
        var random = new Random(seed);
        var recoveries = new List<TimeSpan>();
        await using var load = new LedgerLoad(cluster.Grains, Callers, Ledgers, seed);
        await load.UntilAllServeAsync();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (2 * random.NextDouble())), TimeProvider.System);
            var silo = cluster.Silos[random.Next(cluster.Silos.Count)];
            await silo.KillAsync();
            var recovery = await load.UntilAllServeAsync();
            recoveries.Add(recovery);
            report(string.Create(
                CultureInfo.InvariantCulture, $"{silo.Name} killed: all grains serve again after {recovery.TotalSeconds:F2} s."));
            await silo.StartAsync();
        }

        await load.EndAsync();
        return new KillRun(recoveries, load, await LedgerCheck.RunAsync(cluster.Grains, load.Acknowledged));
    }
}
