using BTTInferGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace BTTInferGrid.Grains.Tests;

/// <summary>One silo that is also a miner of the tiny model.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    public ClusterFixture()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddTinyMiner());
        _cluster = builder.Build();
    }

    public IGrainFactory Grains => _cluster.Client;

    public T Service<T>()
        where T : notnull => _cluster.GetSiloServiceProvider().GetRequiredService<T>();

    public Task InitializeAsync() => _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();
}
