using Orleans.Embedded.Chaos.Grains;

namespace Orleans.Embedded.Cluster.Tests;

/// <summary>What happens to edge silos and their gateways, and what their callers see of it.</summary>
public sealed class EdgeFailureTests
{
    /// <summary>Long enough for a loaded machine; a call that waits for its timeout takes longer.</summary>
    private static readonly TimeSpan AtOnce = ChaosCluster.ResponseTimeout / 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Kill_EdgeSilo_ItsCallsFailAtOnceUntilItComesBack()
    {
        await using var cluster = await ChaosCluster.StartAsync(new ClusterSettings { Silos = 2, Edges = 1 });
        var edge = cluster.Edges[0];
        var grain = cluster.Grains.GetGrain<IEchoGrain>(edge.Identity);
        Assert.Equal(1, await grain.Echo(1));

        await edge.KillAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.Echo(2).WaitAsync(AtOnce));
        await edge.StartAsync();
        await using var load = new EdgeLoad(cluster.Grains, [edge.Identity], callersPerEdge: 0, seed: 1);
        await load.UntilAllServeAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Kill_Gateway_ItsEdgeSiloGoesToAnotherAndAnswers()
    {
        await using var cluster = await ChaosCluster.StartAsync(new ClusterSettings { Silos = 2, Edges = 2 });
        await using var load = new EdgeLoad(
            cluster.Grains, [.. cluster.Edges.Select(static edge => edge.Identity)], callersPerEdge: 1, seed: 1);
        await load.UntilAllServeAsync().WaitAsync(Patience);

        // Each of the two edge silos has come to another gateway.
        await cluster.Silos[0].KillAsync();

        await load.UntilAllServeAsync().WaitAsync(Patience);
        await load.EndAsync().WaitAsync(Patience);
        Assert.Equal(0, load.Wrong);
        Assert.All(cluster.Edges, static edge => Assert.False(edge.Process.HasExited));
    }
}
