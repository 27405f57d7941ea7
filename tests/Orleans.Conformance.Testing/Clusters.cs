using Microsoft.Extensions.DependencyInjection;
using Orleans.Conformance.Testing.Grains;
using Orleans.TestingHost;

namespace Orleans.Conformance.Testing;

/// <summary>Starts clusters for tests.</summary>
internal static class Clusters
{
    public static async Task<InProcessTestCluster> StartAsync(
        short silos = 1, Action<ISiloBuilder>? configure = null, TimeProvider? clock = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureHost(host =>
        {
            if (clock is not null)
            {
                host.Services.AddSingleton(clock);
            }
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMemoryGrainStorage("named");
            silo.AddPlacementDirector<KeyPlacement, KeyPlacementDirector>();
            configure?.Invoke(silo);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync().Within("deployment of the cluster");
        return cluster;
    }

    /// <summary>A grain factory of the silo itself, whose calls start inside of it.</summary>
    public static IGrainFactory GrainFactory(this InProcessSiloHandle silo)
    {
        return silo.ServiceProvider.GetRequiredService<IGrainFactory>();
    }
}
