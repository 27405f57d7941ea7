using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.InMemory;

namespace Orleans.Hosting;

/// <summary>How the silos of a cluster find each other.</summary>
public static class CoreHostingExtensions
{
    /// <summary>
    /// Makes a cluster of silos on this machine. Silos with the same service id, cluster id and primary endpoint form
    /// one cluster.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloPort">The silo's own port; each silo of the cluster has another.</param>
    /// <param name="gatewayPort">Not used: clients are served at the silo's port.</param>
    /// <param name="primarySiloEndpoint">The endpoint of the cluster's first silo; null if this is it.</param>
    /// <param name="serviceId">Names the service, which outlives its clusters.</param>
    /// <param name="clusterId">Names the cluster.</param>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder,
        int siloPort = EndpointOptions.DEFAULT_SILO_PORT,
        int gatewayPort = EndpointOptions.DEFAULT_GATEWAY_PORT,
        IPEndPoint? primarySiloEndpoint = null,
        string serviceId = ClusterOptions.DevelopmentServiceId,
        string clusterId = ClusterOptions.DevelopmentClusterId)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Loopback;
            options.SiloPort = siloPort;
            options.GatewayPort = gatewayPort;
        });
        builder.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });
        builder.Services.AddSingleton(services =>
        {
            var cluster = services.GetRequiredService<IOptions<ClusterOptions>>().Value;
            var primary = primarySiloEndpoint ?? new IPEndPoint(IPAddress.Loopback, siloPort);
            return InMemoryClusters.Join(cluster.ClusterId, cluster.ServiceId, primary);
        });
        builder.Services.AddInMemoryCluster(
            static services => services.GetRequiredService<InMemoryClusterLease>().Cluster);
        return builder;
    }
}
