using System.Diagnostics;
using BTTInferGrid.Cluster.Tests.Processes;
using Xunit.Abstractions;

namespace BTTInferGrid.Cluster.Tests;

/// <summary>
/// Silos that are killed or stand still, under load. The times that are asserted are far above those that are measured and
/// printed, so that a busy machine fails no test.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class SiloLossTests(RunningCluster cluster, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kill_OneSiloUnderLoad_OthersGoOnAndNoWriteIsLostOrDoubled()
    {
        var victim = cluster.Silos[1];
        await using var load = new LedgerLoad(cluster, "kill");
        await load.UntilAllGoOnAsync(Patience);

        await victim.KillAsync();
        var recovery = await load.UntilAllGoOnAsync(TimeSpan.FromSeconds(20));
        var since = Stopwatch.GetTimestamp();
        await victim.RestartAsync();
        var restart = Stopwatch.GetElapsedTime(since);
        await load.UntilAllGoOnAsync(Patience);

        await load.VerifyAsync();
        Tell($"killed: all callers go on after {recovery.TotalSeconds:0.0} s, the silo is back after {restart.TotalSeconds:0.0} s", load);
    }

    [Fact]
    public async Task Freeze_LongerThanDetection_StaleWriteIsRefusedByTheDatabase()
    {
        using var folder = new TemporaryHome();
        var gate = Path.Combine(folder.Path, "gate");
        var victim = cluster.Silos[2];
        var ledger = await cluster.LedgerOnAsync(victim, "freeze");
        await cluster.Ledger(ledger).Add("before");
        await using var load = new LedgerLoad(cluster, "freeze");
        await load.UntilAllGoOnAsync(Patience);

        // A write that its grain is about to make, and makes only after another activation has taken the grain's place.
        var late = cluster.Ledger(ledger).AddLate("late", gate);
        await victim.Process.WaitForOutputAsync("waits late");
        victim.Process.Send(ProcessSignal.Stop);
        var detection = await RunningCluster.UntilAnsweredAsync(() => cluster.Ledger(ledger).Add("meanwhile"), Patience);
        await File.WriteAllTextAsync(gate, "");
        victim.Process.Send(ProcessSignal.Continue);

        await victim.Process.WaitForOutputAsync("refused late: InconsistentStateException");
        var since = Stopwatch.GetTimestamp();
        (await victim.Process.WaitForExitAsync()).Should().NotBe(0, "a silo that finds itself declared dead must not go on");
        var end = Stopwatch.GetElapsedTime(since);
        await FluentActions.Awaiting(() => late).Should().ThrowAsync<Exception>();
        (await cluster.Ledger(ledger).Entries()).Should().Equal("before", "meanwhile");
        var recovery = await load.UntilAllGoOnAsync(Patience);
        await load.VerifyAsync();
        Tell(
            $"frozen: its grains answer elsewhere after {detection.TotalSeconds:0.0} s; thawed, it ended itself {end.TotalSeconds:0.0} s"
            + $" after its write was refused; then all callers go on after {recovery.TotalSeconds:0.0} s",
            load);

        await victim.RestartAsync();
    }

    [Fact]
    public async Task Freeze_ShorterThanDetection_NobodyIsDeclaredDead()
    {
        var victim = cluster.Silos[0];
        var ledger = await cluster.LedgerOnAsync(victim, "pause");
        victim.Process.Send(ProcessSignal.Stop);
        await FluentActions.Awaiting(() => cluster.Ledger(ledger).Where()).Should().ThrowAsync<TimeoutException>();
        victim.Process.Send(ProcessSignal.Continue);

        int? where = null;
        var recovery = await RunningCluster.UntilAnsweredAsync(async () => where = await cluster.Ledger(ledger).Where(), Patience);

        where.Should().Be(victim.Id);
        output.WriteLine($"frozen for {ClusterClient.ResponseTimeout.TotalSeconds:0} s: it answers {recovery.TotalSeconds:0.0} s after it goes on");
    }

    [Fact]
    public async Task KillAll_ThenRestart_FindsEverythingThatWasAcknowledged()
    {
        await using var load = new LedgerLoad(cluster, "all");
        await load.UntilAllGoOnAsync(Patience);
        await Task.WhenAll(cluster.Silos.Select(static silo => silo.KillAsync()));

        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(cluster.Silos.Select(static silo => silo.RestartAsync()));
        var start = Stopwatch.GetElapsedTime(since);
        var recovery = await load.UntilAllGoOnAsync(Patience);

        await load.VerifyAsync();
        Tell($"all killed: all are back after {start.TotalSeconds:0.0} s, all callers go on {recovery.TotalSeconds:0.0} s later", load);
    }

    private void Tell(string times, LedgerLoad load) =>
        output.WriteLine($"{times}; {load.Acknowledged} writes acknowledged, none lost, {load.Failures} calls failed and were repeated");
}
