using System.Net;
using System.Net.Sockets;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using Orleans.Configuration;
#if EDGE_SILOS
using Orleans.Embedded.Networking;
#endif

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Where a core silo keeps its grains' state, and with whom it shares them.</summary>
internal static class GridCluster
{
    /// <summary>The name that core silos and miners of a grid have in common.</summary>
    public const string ClusterId = "bttgrid";

    // Part of what grain state is stored under, so it stays when the way of clustering changes.
    private const string ServiceId = "bttgrid";

    /// <summary>Alone with a SQLite file in the home folder, or one of several with a PostgreSQL database.</summary>
    /// <exception cref="StartException">The secret cannot be read.</exception>
    public static void Configure(ISiloBuilder silo, ClusterSection? cluster, GridHome home)
    {
        if (cluster is null)
        {
            silo.UseLocalhostClustering(serviceId: ServiceId, clusterId: ClusterId);
            Store(silo, "Microsoft.Data.Sqlite", home.DatabaseConnection);
            return;
        }

        silo.Configure<ClusterOptions>(static options =>
        {
            options.ClusterId = ClusterId;
            options.ServiceId = ServiceId;
        });
        silo.UseAdoNetClustering((AdoNetClusteringSiloOptions options) =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = cluster.Database!;
        });
        var port = cluster.Port == 0 ? FreePort(IPAddress.Parse(cluster.Address)) : cluster.Port;
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = IPAddress.Parse(cluster.Address);
            options.SiloPort = port;
            options.GatewayPort = 0;
        });
#if EDGE_SILOS
        if (cluster.SecretFile is { } file)
        {
            var secret = ReadSecret(file);
            silo.Configure<TransportOptions>(options => options.ClusterSecret = secret);
        }
#endif
        Store(silo, "Npgsql", cluster.Database!);
    }

    private static void Store(ISiloBuilder silo, string invariant, string connection) =>
        silo.AddAdoNetGrainStorageAsDefault((AdoNetGrainStorageOptions storage) =>
        {
            storage.Invariant = invariant;
            storage.ConnectionString = connection;
        });

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

#if EDGE_SILOS
    private const int MinSecretLength = 16;

    private static string ReadSecret(string file)
    {
        try
        {
            var secret = File.ReadAllText(file).Trim();
            return secret.Length >= MinSecretLength
                ? secret
                : throw new StartException(
                    $"The secret in {file} is shorter than {MinSecretLength} characters. Make one with: openssl rand -hex 32 > {file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The secret of the cluster cannot be read: {error.Message}", error);
        }
    }
#endif
}
