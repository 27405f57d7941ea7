using System.Net;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains;
using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Embedded.Testing;
#if EDGE_SILOS
using Orleans.Embedded.Edge;
#endif

namespace BTTInferGrid.Testing;

/// <summary>
/// A grid inside the test's process: a core silo on a port of its own, and miners of the tiny model that join it over real
/// connections. On Microsoft Orleans, which has no edge silos, the one miner is part of the core silo.
/// </summary>
public sealed class TestGrid : IAsyncDisposable
{
    private const string EdgePath = "/edge";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<TestMiner> _miners = [];
    private readonly TemporaryHome _home = new();

    private TestGrid(WebApplication core, string clusterId)
    {
        Core = core;
        ClusterId = clusterId;
    }

    /// <summary>A name of its own, so that the grids of a process do not meet.</summary>
    public string ClusterId { get; }

    public WebApplication Core { get; }

    public IGrainFactory Grains => Service<IGrainFactory>();

    public ModelCatalogue Catalogue => Service<ModelCatalogue>();

    public ServedModel Model => Catalogue.Find(TinyModel.Id)!;

    public IReadOnlyList<TestMiner> Miners => _miners;

    /// <summary>A job that asks the tiny model, greedily.</summary>
    public JobRequest Ask(string question) => new(
        TinyModel.Id,
        Model.Profile,
        Model.Vocabulary.Size,
        [.. Model.Vocabulary.EncodeChat([new ChatMessage("user", question)])],
        new SamplingOptions(Temperature: 0),
        MaxTokens: 64,
        [],
        ClientSeed: null);

    public T Service<T>()
        where T : notnull => Core.Services.GetRequiredService<T>();

    /// <summary>Starts a grid whose miners serve.</summary>
    /// <param name="miners">How many miners.</param>
    /// <param name="configure">Changes the core silo's host before it is built.</param>
    /// <param name="map">Adds routes.</param>
    /// <param name="probe">What miners are asked; null for what the tiny model knows.</param>
    public static async Task<TestGrid> StartAsync(
        int miners = 1,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null,
        ProbeQuestion? probe = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLlama();
        configure?.Invoke(builder);
        var hasFront = builder.Services.Any(static service => service.ServiceType == typeof(ModelCatalogue));
        builder.Services.TryAddSingleton<ModelCatalogue>();
        var ports = FreePorts.Take(2);
        var clusterId = $"test-{Guid.NewGuid():N}";
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1]);
            silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = clusterId);
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddGrid();
#if EDGE_SILOS
            silo.AddEdgeGateway();
            silo.AddEdgeKeys(static keys => keys.AllowAnyKey = true);
#else
            silo.AddMiner(static options => TestMiner.Configure(options));
#endif
        });
        var core = builder.Build();
        map?.Invoke(core);
#if EDGE_SILOS
        core.MapEdgeSilos(EdgePath);
#endif
        var grid = new TestGrid(core, clusterId);
        if (!hasFront)
        {
            await grid.Catalogue.LoadAsync(
                grid.Service<LlamaLibrary>(),
                [new CatalogueModel(TinyModel.Id, TinyModel.File, TinyModel.ContextTokens, 128, probe ?? TinyModel.Probe)]);
        }

        await core.StartAsync();
        await grid.JoinAsync(miners, awaitActive: probe is null);
        return grid;
    }

    /// <summary>One more miner, which has not necessarily been probed yet.</summary>
    public async Task<TestMiner> JoinAsync(Action<MinerOptions>? configure = null)
    {
        var gateway = new UriBuilder(Core.Urls.First()) { Scheme = "ws", Path = EdgePath }.Uri;
        var miner = await TestMiner.JoinAsync(gateway, Path.Combine(_home.Path, $"key-{_miners.Count}"), this, configure);
        _miners.Add(miner);
        return miner;
    }

    /// <summary>Waits until what the grid believes of a miner is so.</summary>
    public async Task<MinerStanding> WaitForAsync(string minerId, Func<MinerStanding, bool> holds) =>
        (await Poll.UntilAsync(
            Grains.GetGrain<IMinerRecordGrain>(minerId).Standing, standing => standing is not null && holds(standing), Patience))!;

    public Task<MinerStanding> WaitForAsync(string minerId, MinerState state) =>
        WaitForAsync(minerId, standing => standing.State == state);

    public async ValueTask DisposeAsync()
    {
        foreach (var miner in _miners)
        {
            await miner.DisposeAsync();
        }

        await Core.DisposeAsync();
        _home.Dispose();
    }

    private async Task JoinAsync(int miners, bool awaitActive)
    {
#if EDGE_SILOS
        for (var i = 0; i < miners; i++)
        {
            await JoinAsync();
        }
#else
        _miners.Add(TestMiner.Of(this));
#endif
        if (awaitActive)
        {
            foreach (var miner in _miners)
            {
                await WaitForAsync(miner.Id, MinerState.Active);
            }
        }
    }
}
