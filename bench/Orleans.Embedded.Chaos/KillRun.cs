using System.Diagnostics;
using System.Globalization;
using Orleans.Embedded.Chaos.Cluster;
using Orleans.Embedded.Chaos.Load;

namespace Orleans.Embedded.Chaos;

/// <summary>Kills one core silo or edge silo after the other under load, and tells what came of the promises.</summary>
internal sealed record KillRun(
    IReadOnlyList<Kill> Kills, LedgerLoad Ledgers, EdgeLoad Edges, IReadOnlyList<string> Broken)
{
    private const int LedgerCount = 64;
    private const int LedgerCallers = 16;
    private const int CallersPerEdge = 2;

    /// <summary>Runs for a time; the seed decides who is killed and when.</summary>
    public static async Task<KillRun> RunAsync(ChaosCluster cluster, TimeSpan duration, int seed, Action<string> report)
    {
        var random = new Random(seed);
        var kills = new List<Kill>();
        SiloProcess[] victims = [.. cluster.Silos, .. cluster.Edges];
        await using var ledgers = new LedgerLoad(cluster.Grains, LedgerCallers, LedgerCount, seed);
        await using var edges = new EdgeLoad(
            cluster.Grains, [.. cluster.Edges.Select(static edge => edge.Identity)], CallersPerEdge, seed);
        await UntilAllServeAsync();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (2 * random.NextDouble())), TimeProvider.System);
            var victim = victims[random.Next(victims.Length)];
            var isEdge = cluster.Edges.Contains(victim);
            await victim.KillAsync();
            var killed = Stopwatch.GetTimestamp();

            // Others take over from a core silo; nobody is in the place of an edge silo, so it is started again first.
            if (isEdge)
            {
                await victim.StartAsync();
            }

            await UntilAllServeAsync();
            var kill = new Kill(victim.Name, Stopwatch.GetElapsedTime(killed));
            kills.Add(kill);
            report(string.Create(
                CultureInfo.InvariantCulture,
                $"{kill.Name} killed: all grains answer again after {kill.Recovery.TotalSeconds:F2} s."));
            if (!isEdge)
            {
                await victim.StartAsync();
            }
        }

        await ledgers.EndAsync();
        await edges.EndAsync();
        var broken = await LedgerCheck.RunAsync(cluster.Grains, ledgers.Acknowledged);
        return new KillRun(
            kills, ledgers, edges, edges.Wrong == 0 ? broken : [.. broken, $"{edges.Wrong} answers of edge silos were wrong."]);

        Task UntilAllServeAsync()
        {
            return Task.WhenAll(ledgers.UntilAllServeAsync(), edges.UntilAllServeAsync());
        }
    }
}
