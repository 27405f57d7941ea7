using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Placement;

/// <summary>What happens to a call while its grain is still being placed.</summary>
public sealed class AwaitedPlacementTests : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    private InProcessTestCluster Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(2, silo => silo.AddPlacementDirector<AwaitedPlacement, AwaitedDirector>());
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Call_CancelledWhileItsGrainIsPlaced_DoesNotHoldTheGrain(int caller)
    {
        var name = $"awaited by {caller}";
        using var source = new CancellationTokenSource();
        var grain = Cluster.Silos[caller].GrainFactory().GetGrain<IAwaitedGrain>(name);
        var call = grain.Hold(name, source.Token);
        await Signals.Await($"{name} asked");

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("the cancelled call"));
        Signals.Set($"{name} placed");

        await grain.Plain().Within("the next call");
    }
}
