using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Chaos.Faults;
using Orleans.Embedded.Testing;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>Silos in processes of their own on one PostgreSQL, and a client of theirs in this process.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>How long a call may last: the bound that every call is held to.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    private const string Invariant = "Npgsql";
    private readonly IHost _client;

    private ChaosCluster(PostgresServer database, FaultyProxy? proxy, SiloProcess[] silos)
    {
        Database = database;
        Proxy = proxy;
        Silos = silos;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.UseAdoNetClustering((AdoNetClusteringClientOptions options) =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = database.ConnectionString;
            });
            client.Configure<ClientMessagingOptions>(SetTimeout);
        });
        _client = builder.Build();
    }

    public PostgresServer Database { get; }

    /// <summary>What stands between the silos and the database, if anything does.</summary>
    public FaultyProxy? Proxy { get; }

    public IReadOnlyList<SiloProcess> Silos { get; }

    public IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a database, the silos and a client.</summary>
    public static async Task<ChaosCluster> StartAsync(ClusterSettings settings)
    {
        var database = await PostgresServer.CreateAsync();
        var proxy = settings.HasProxy ? new FaultyProxy(database.Endpoint) : null;
        var connection = proxy is null
            ? database.ConnectionString
            : database.ConnectionString.Replace(
                $"Port={database.Endpoint.Port}", $"Port={proxy.Endpoint.Port}", StringComparison.Ordinal);
        List<string> options = [$"--Invariant={Invariant}", $"--Database={connection}"];
        if (settings.Lease is { } lease)
        {
            options.Add($"--Lease:Lease={lease}");
        }

        var silos = FreePorts.Take(settings.Silos)
            .Select((port, i) => new SiloProcess($"silo-{i + 1}", port, [.. options])).ToArray();
        var cluster = new ChaosCluster(database, proxy, silos);
        try
        {
            await Task.WhenAll(silos.Select(static silo => silo.StartAsync()));
            await cluster._client.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public static void SetTimeout(MessagingOptions options)
    {
        options.ResponseTimeout = ResponseTimeout;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        await Database.DisposeAsync();
    }
}
