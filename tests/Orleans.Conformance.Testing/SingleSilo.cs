using Orleans.TestingHost;

namespace Orleans.Conformance.Testing;

/// <summary>A silo and a client that the tests of a class share.</summary>
public sealed class SingleSilo : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    public InProcessTestCluster Cluster => _cluster!;

    public IClusterClient Client => Cluster.Client;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }
}
