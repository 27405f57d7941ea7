using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Chaos.Faults;
using Orleans.Embedded.Testing;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>
/// Silos in processes of their own on one PostgreSQL, edge silos that come to them, and a client in this process.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>How long a call may last: the bound that every call is held to.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    private const string Invariant = "Npgsql";
    private readonly DirectoryInfo _keys = System.IO.Directory.CreateTempSubdirectory("chaos-keys-");
    private readonly IHost _client;

    private ChaosCluster(PostgresServer database, FaultyProxy? proxy, ClusterSettings settings)
    {
        Database = database;
        Proxy = proxy;
        var ports = FreePorts.Take(2 * settings.Silos);
        var (siloPorts, webPorts) = (ports[..settings.Silos], ports[settings.Silos..]);
        Silos = [.. siloPorts.Select((port, i) => NewSilo($"silo-{i + 1}", port, webPorts[i], settings.Lease))];
        Edges = [.. Enumerable.Range(0, settings.Edges).Select(i => NewEdge(i, webPorts))];
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

    public IReadOnlyList<SiloProcess> Edges { get; }

    public IGrainFactory Grains => _client.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Starts a database, the silos and a client.</summary>
    public static async Task<ChaosCluster> StartAsync(ClusterSettings settings)
    {
        var database = await PostgresServer.CreateAsync();
        var proxy = settings.HasProxy ? new FaultyProxy(database.Endpoint) : null;
        var cluster = new ChaosCluster(database, proxy, settings);
        try
        {
            await Task.WhenAll(cluster.Silos.Select(static silo => silo.StartAsync()));
            await Task.WhenAll(cluster.Edges.Select(static edge => edge.StartAsync()));
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
        foreach (var process in Edges.Concat(Silos))
        {
            await process.DisposeAsync();
        }

        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        await Database.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    private SiloProcess NewSilo(string name, int port, int webPort, TimeSpan? lease)
    {
        var database = Proxy is null
            ? Database.ConnectionString
            : Database.ConnectionString.Replace(
                $"Port={Database.Endpoint.Port}", $"Port={Proxy.Endpoint.Port}", StringComparison.Ordinal);
        List<string> arguments =
        [
            "silo", $"--Name={name}", $"--Port={port}", $"--urls=http://127.0.0.1:{webPort}",
            $"--Invariant={Invariant}", $"--Database={database}",
        ];
        if (lease is not null)
        {
            arguments.Add($"--Lease:Lease={lease}");
        }

        return new SiloProcess(name, [.. arguments]);
    }

    /// <summary>Each edge silo comes to another gateway first.</summary>
    private SiloProcess NewEdge(int index, int[] webPorts)
    {
        var gateways = webPorts.Select((_, i) =>
            $"--Gateways:{i}=ws://127.0.0.1:{webPorts[(index + i) % webPorts.Length]}{SiloProgram.EdgePath}");
        var name = $"edge-{index + 1}";
        return new SiloProcess(name, ["edge", $"--KeyFile={Path.Combine(_keys.FullName, name)}", .. gateways]);
    }
}
