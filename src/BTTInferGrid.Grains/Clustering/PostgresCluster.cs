using System.Net;
using BTTInferGrid.Grains.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;

namespace BTTInferGrid.Grains.Clustering;

/// <summary>Makes a silo or client one of several processes that share a PostgreSQL database.</summary>
public static class PostgresCluster
{
    private const string Invariant = "Npgsql";
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(5);

    /// <summary>Whether a text can be the connection string of a database, whatever it leads to.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is not null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or KeyNotFoundException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Membership and the default grain storage in the database; the tables are made if they are missing.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="database">Connection string of the database.</param>
    /// <param name="address">IP address and port at which the other silos reach this one.</param>
    /// <param name="gatewayPort">The port for clients of the cluster.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder UsePostgresCluster(
        this ISiloBuilder silo, string database, IPEndPoint address, int gatewayPort)
    {
        silo.Services.AddHostedService(_ => new PostgresSchema(database));
        silo.Configure<ClusterOptions>(GridClusterOptions.Configure);
        silo.Configure<ClusterMembershipOptions>(Configure);
        silo.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = GridClusterOptions.ResponseTimeout);

        // The default directory ends the grains that a lost silo had registered, and with jobs their streams. This one finds
        // them again. Its lease would keep a lost silo's grains from starting elsewhere for half a minute; no rule of the
        // grid rests on a grain being the only one.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(static directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = address.Address;
            options.SiloPort = address.Port;
            options.GatewayPort = gatewayPort;
        });
        silo.UseAdoNetClustering((AdoNetClusteringSiloOptions options) =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = database;
        });
        silo.AddAdoNetGrainStorageAsDefault(storage => storage.Configure<Serializer>((options, serializer) =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = database;
            options.GrainStorageSerializer = StorageSiloBuilderExtensions.StateSerializer(serializer);
        }));
        return silo;
    }

    /// <summary>Finds the silos by the database; the tables are made if they are missing.</summary>
    /// <param name="client">The client.</param>
    /// <param name="database">Connection string of the database.</param>
    /// <returns>The same client.</returns>
    public static IClientBuilder UsePostgresCluster(this IClientBuilder client, string database)
    {
        client.Services.AddHostedService(_ => new PostgresSchema(database));
        client.Configure<ClusterOptions>(GridClusterOptions.Configure);
        client.Configure<ClientMessagingOptions>(static options => options.ResponseTimeout = GridClusterOptions.ResponseTimeout);
        client.UseAdoNetClustering((AdoNetClusteringClientOptions options) =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = database;
        });

        // A gateway that stands still is left when it is no more in the list, so the list is read as often as silos read it.
        client.Configure<GatewayOptions>(static options => options.GatewayListRefreshPeriod = TableRefresh);
        return client;
    }

    /// <summary>
    /// How soon a silo that does not answer is declared dead: one that was killed within 2 s, one that stands still within
    /// 10 s. Orleans' defaults take 12 s and more than a minute, and keep a cluster that was killed as a whole from
    /// starting for 100 s. The values are explained, with measurements, in docs/design/cluster.md.
    /// </summary>
    private static void Configure(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.MinProbeTimeout = TimeSpan.FromMilliseconds(750);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(3);
        options.NumMissedProbesLimit = 3;
        options.NumVotesForDeathDeclaration = 2;
        options.EnableIndirectProbes = true;
        options.TableRefreshTimeout = TableRefresh;
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        options.NumMissedTableIAmAliveLimit = 3;
        options.DefunctSiloExpiration = TimeSpan.FromHours(1);
    }
}
