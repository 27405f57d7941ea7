namespace Orleans.Embedded.Cluster.Tests;

/// <summary>What happens to a process, and what the cluster makes of it.</summary>
public sealed class ProcessFailureTests
{
    private static readonly ClusterSettings ThreeSilos = new() { Silos = 3 };

    [Fact]
    public async Task Kill_OneAfterTheOtherUnderLoad_NothingIsLost()
    {
        await using var cluster = await ChaosCluster.StartAsync(new ClusterSettings { Silos = 4, Edges = 2 });

        var run = await KillRun.RunAsync(cluster, TimeSpan.FromSeconds(10), seed: 1, static _ => { });

        Assert.Empty(run.Broken);
        Assert.NotEmpty(run.Kills);
        Assert.InRange(run.Edges.Slowest, TimeSpan.Zero, 2 * ChaosCluster.ResponseTimeout);
    }

    [Fact]
    public async Task Pause_LongerThanTheLease_OthersTakeOverAndThePausedSiloEnds()
    {
        await using var loaded = await LoadedCluster.StartAsync(ThreeSilos with { Lease = TimeSpan.FromSeconds(4) });
        var paused = loaded.Cluster.Silos[0].Process;

        paused.Send(ProcessSignal.Stop);
        await loaded.ServesAsync();
        paused.Send(ProcessSignal.Continue);

        Assert.NotEqual(0, await paused.WaitForExitAsync());
        await loaded.KeptItsPromisesAsync();
    }

    [Fact]
    public async Task Pause_ShorterThanTheLease_TheSiloGoesOn()
    {
        await using var loaded = await LoadedCluster.StartAsync(ThreeSilos with { Lease = TimeSpan.FromSeconds(30) });
        var paused = loaded.Cluster.Silos[0].Process;

        paused.Send(ProcessSignal.Stop);
        await loaded.Load.UntilProgressAsync();
        paused.Send(ProcessSignal.Continue);

        await loaded.ServesAsync();
        Assert.False(paused.HasExited);
        await loaded.KeptItsPromisesAsync();
    }

    [Fact]
    public async Task Kill_AllAtOnce_TheNextStartGoesOn()
    {
        await using var loaded = await LoadedCluster.StartAsync(ThreeSilos);

        await Task.WhenAll(loaded.Cluster.Silos.Select(static silo => silo.KillAsync()));
        await Task.WhenAll(loaded.Cluster.Silos.Select(static silo => silo.StartAsync()));

        await loaded.ServesAsync();
        await loaded.KeptItsPromisesAsync();
    }

    [Fact]
    public async Task Terminate_UnderLoad_EndsInGoodOrder()
    {
        await using var loaded = await LoadedCluster.StartAsync(ThreeSilos);
        var stopped = loaded.Cluster.Silos[0].Process;

        stopped.Send(ProcessSignal.Terminate);

        Assert.Equal(0, await stopped.WaitForExitAsync());
        await loaded.ServesAsync();
        await loaded.KeptItsPromisesAsync();
    }

    [Fact]
    public async Task Start_EndpointInUse_SaysSoAndTheFirstGoesOn()
    {
        await using var loaded = await LoadedCluster.StartAsync(ThreeSilos);
        var first = loaded.Cluster.Silos[0];

        await using var second = first.NewProcess();

        Assert.NotEqual(0, await second.WaitForExitAsync());
        Assert.Contains("in use", second.Log, StringComparison.OrdinalIgnoreCase);
        await loaded.ServesAsync();
        Assert.False(first.Process.HasExited);
        await loaded.KeptItsPromisesAsync();
    }
}
