using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using BTTInferGrid.Grains.Clustering;
using BTTInferGrid.Testing;
using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>
/// A whole cluster in processes of its own on one database: two silos with fronts, a silo with an engine, a front that is a
/// client, and two nodes that know both fronts.
/// </summary>
public sealed class ClusterProcesses : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<TemporaryHome> _homes = [];
    private readonly SocketsHttpHandler _connections = new();
    private ClusterMember[] _members = [];

    internal PostgresServer Database { get; private set; } = null!;

    internal ClusterMember[] FrontSilos { get; private set; } = [];

    internal ClusterMember EngineSilo { get; private set; } = null!;

    internal ClusterMember[] Nodes { get; private set; } = [];

    internal ClusterMember ClientFront { get; private set; } = null!;

    /// <summary>The key of the first silo, which is good at every front.</summary>
    internal string Key => FrontSilos[0].Process.Key;

    public async Task InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch
        {
            // xunit disposes only of what it could initialize.
            await DisposeAsync();
            throw;
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var member in Enumerable.Reverse(_members))
        {
            await member.DisposeAsync();
        }

        await Database.DisposeAsync();
        _connections.Dispose();
        _homes.ForEach(static home => home.Dispose());
    }

    /// <summary>A client of a front.</summary>
    internal HttpClient Http(ClusterMember front)
    {
        var http = new HttpClient(_connections, disposeHandler: false) { BaseAddress = front.Url, Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return http;
    }

    /// <summary>A client of the cluster in this process, to be started.</summary>
    internal IHost Client() => new HostBuilder()
        .UseOrleansClient(client => client.UsePostgresCluster(Database.ConnectionString))
        .Build();

    /// <summary>Waits until every front that is there sees all miners ready for jobs.</summary>
    internal async Task WaitUntilWholeAsync()
    {
        string[] miners = [.. Nodes.Append(EngineSilo).Select(static member => member.MinerId)];
        foreach (var front in FrontSilos.Append(ClientFront))
        {
            using var http = Http(front);
            await Poll.UntilAsync(() => ActiveMinersAsync(http), active => miners.All(active.Contains), Patience);
        }
    }

    /// <summary>Ids of the miners that a front lists as active; none if it cannot list any now.</summary>
    internal static async Task<string[]> ActiveMinersAsync(HttpClient http)
    {
        using var response = await http.GetAsync("/v1/grid/miners");
        if (!response.IsSuccessStatusCode)
        {
            return [];
        }

        var listed = await response.Content.ReadFromJsonAsync<JsonElement>();
        return
        [
            .. listed.GetProperty("miners").EnumerateArray()
                .Where(static miner => miner.GetProperty("state").GetString() == "active")
                .Select(static miner => miner.GetProperty("id").GetString()!),
        ];
    }

    private async Task StartAsync()
    {
        Database = await PostgresServer.CreateAsync();
        var ports = FreePorts.Take(3);
        FrontSilos = [Front("front A", ports[0], "silo"), Front("front B", ports[1], "silo")];
        ClientFront = Front("client front", ports[2], "front");
        EngineSilo = new ClusterMember("engine silo", ["silo", "--roles", "gpu", .. Home()], null);
        var (one, other) = (FrontSilos[0].Url!.ToString(), FrontSilos[1].Url!.ToString());
        Nodes =
        [
            new ClusterMember("node 1", ["miner", "join", "--front", one, "--front", other, .. Home()], null),
            new ClusterMember("node 2", ["miner", "join", "--front", other, "--front", one, .. Home()], null),
        ];
        _members = [.. FrontSilos, EngineSilo, ClientFront, .. Nodes];
        foreach (var member in _members)
        {
            await member.StartAsync();
        }

        await WaitUntilWholeAsync();
    }

    private ClusterMember Front(string name, int port, string command) =>
        new(name, [command, "--port", $"{port}", .. Home()], new Uri($"http://127.0.0.1:{port}"));

    private string[] Home()
    {
        var home = new TemporaryHome();
        _homes.Add(home);
        var file = SiloJson.Write(home.Path, settings => settings["cluster"] = new JsonObject
        {
            ["database"] = Database.ConnectionString,
            ["port"] = 0,
            ["gatewayPort"] = 0,
        });
        return ["--home", home.Path, "--config", file];
    }
}
