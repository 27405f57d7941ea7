using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.Networking;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>Clusters whose silos and clients exchange messages over sockets.</summary>
internal static class TcpCluster
{
    public const string Secret = "the cluster's secret";

    public static async Task<InProcessTestCluster> StartAsync(
        short silos,
        Action<TransportOptions>? configure = null,
        bool initializeClient = true,
        ILoggerProvider? logs = null)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.InitializeClientOnDeploy = initializeClient;
        builder.ConfigureHost(host =>
        {
            host.Services.AddTcpTransport();
            if (logs is not null)
            {
                host.Logging.AddProvider(logs);
            }

            host.Services.Configure<TransportOptions>(options =>
            {
                options.ClusterSecret = Secret;
                configure?.Invoke(options);
            });
        });
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddMemoryGrainStorage("named");
            var port = FreePorts.Take(1)[0];
            silo.Configure<EndpointOptions>(options => options.SiloPort = port);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync().Within("deployment of the cluster");
        return cluster;
    }
}
