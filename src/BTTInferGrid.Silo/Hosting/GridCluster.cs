using System.Net;
using System.Security.Cryptography;
using BTTInferGrid.Grains.Clustering;
using BTTInferGrid.Grains.Storage;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using Orleans.Configuration;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Where a silo keeps its grains' state, and with which others it is one grid.</summary>
internal static class GridCluster
{
    private static readonly TimeSpan LocalResponseTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Alone with a SQLite file in the home folder, or one of several with a PostgreSQL database.</summary>
    /// <exception cref="StartException">A port is taken, or the certificates cannot be used.</exception>
    public static void Configure(ISiloBuilder silo, ClusterSection? cluster, GridHome home)
    {
        var address = cluster is null ? IPAddress.Loopback : IPAddress.Parse(cluster.Address);
        var ports = SiloPorts.Take(
            home.PortsPath, address, cluster is null ? new SiloPorts(0, 0) : new SiloPorts(cluster.Port, cluster.GatewayPort));
        if (cluster is null)
        {
            silo.UseLocalhostClustering(
                ports.Silo, ports.Gateway, serviceId: GridClusterOptions.ServiceId, clusterId: GridClusterOptions.ClusterId);
            silo.AddSqliteGrainStorageAsDefault(home.DatabasePath);

            // No other silo can be lost; only a machine that sleeps lets a call take long, and it must not lose its streams.
            silo.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = LocalResponseTimeout);
            return;
        }

        silo.UsePostgresCluster(cluster.Database!, new IPEndPoint(address, ports.Silo), ports.Gateway);
        if (cluster.Tls is { } tls)
        {
            silo.UseClusterTls(Load(tls));
        }
    }

    /// <summary>Makes a client of the cluster that silos with the same section are.</summary>
    /// <exception cref="StartException">The certificates cannot be used.</exception>
    public static void Configure(IClientBuilder client, ClusterSection cluster)
    {
        client.UsePostgresCluster(cluster.Database!);
        if (cluster.Tls is { } tls)
        {
            client.UseClusterTls(Load(tls));
        }
    }

    private static ClusterTls Load(TlsSection tls)
    {
        try
        {
            return ClusterTls.Load(tls.Certificate, tls.Key, tls.Authority);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The certificates of cluster.tls cannot be used: {error.Message}", error);
        }
    }
}
