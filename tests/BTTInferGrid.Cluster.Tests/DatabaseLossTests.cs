using System.Diagnostics;
using BTTInferGrid.Cluster.Tests.Processes;
using Xunit.Abstractions;

namespace BTTInferGrid.Cluster.Tests;

/// <summary>A database that is restarted, and one that is away.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DatabaseLossTests(RunningCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Longer than a silo may be silent in the table of members (5 s x 3): with the table gone, it must not count.
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(16);

    [Fact]
    public async Task Restart_UnderLoad_NoWriteIsLostOrDoubled()
    {
        await using var load = new LedgerLoad(cluster, "restart");
        await load.UntilAllGoOnAsync(Patience);

        await cluster.Database.StopAsync();
        await cluster.Database.StartAsync();
        var recovery = await load.UntilAllGoOnAsync(Patience);

        await load.VerifyAsync();
        output.WriteLine(
            $"database restarted: all callers go on after {recovery.TotalSeconds:0.0} s; {load.Acknowledged} writes acknowledged,"
            + $" none lost, {load.Failures} calls failed and were repeated");
    }

    [Fact]
    public async Task Away_ForLongerThanSilosMayBeSilent_SilosStayAndWritesGoOnAfterwards()
    {
        var processes = cluster.Silos.Select(static silo => silo.Id).ToArray();
        var ledger = cluster.Ledger("away");
        await ledger.Add("before");
        await using var load = new LedgerLoad(cluster, "away");
        await load.UntilAllGoOnAsync(Patience);

        await cluster.Database.StopAsync();
        var since = Stopwatch.GetTimestamp();
        var answered = 0;
        using (var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(500)))
        {
            // What is in memory is answered all the time.
            while (Stopwatch.GetElapsedTime(since) < Away && await poll.WaitForNextTickAsync())
            {
                (await ledger.Entries()).Should().Equal("before");
                answered++;
            }
        }

        await cluster.Database.StartAsync();
        var recovery = await load.UntilAllGoOnAsync(Patience);

        answered.Should().BeGreaterThan(1);
        cluster.Silos.Select(static silo => silo.Process.HasExited).Should().NotContain(true);
        cluster.Silos.Select(static silo => silo.Id).Should().Equal(processes);
        await load.VerifyAsync();
        output.WriteLine(
            $"database away for {Away.TotalSeconds:0} s: all callers go on {recovery.TotalSeconds:0.0} s after it is back;"
            + $" {load.Acknowledged} writes acknowledged, none lost, {load.Failures} calls failed and were repeated");
    }
}
