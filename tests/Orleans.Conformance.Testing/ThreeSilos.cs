using Orleans.TestingHost;

namespace Orleans.Conformance.Testing;

/// <summary>Three silos and a client that the tests of a class share.</summary>
public sealed class ThreeSilos : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public InProcessTestCluster Cluster => _cluster!;

    public IClusterClient Client => Cluster.Client;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(3);
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }
}
