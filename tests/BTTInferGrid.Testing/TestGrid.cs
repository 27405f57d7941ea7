using System.Net;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains;
using BTTInferGrid.Grains.Miners.Links;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Inference;
using BTTInferGrid.Node;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace BTTInferGrid.Testing;

/// <summary>
/// A grid inside the test's process: a silo with a front on a port of its own, and nodes of the tiny model that join it over
/// real links.
/// </summary>
public sealed class TestGrid : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<TestMiner> _miners = [];
    private readonly TemporaryHome _home = new();

    private TestGrid(WebApplication core) => Core = core;

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
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.UseHttp2Preface()));
        builder.Services.AddLlama();
        configure?.Invoke(builder);
        var hasFront = builder.Services.Any(static service => service.ServiceType == typeof(ModelCatalogue));
        builder.Services.TryAddSingleton<ModelCatalogue>();
        var ports = FreePorts.Take(2);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(ports[0], ports[1]);
            silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = $"test-{Guid.NewGuid():N}");
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddGrid();
            silo.AddGridLinks();
        });
        var core = builder.Build();
        map?.Invoke(core);
        core.MapGridLinks();
        var grid = new TestGrid(core);
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
    public async Task<TestMiner> JoinAsync(Action<NodeOptions>? configure = null)
    {
        var miner = await TestMiner.JoinAsync(new Uri(Core.Urls.First()), Path.Combine(_home.Path, $"key-{_miners.Count}"), this, configure);
        _miners.Add(miner);
        return miner;
    }

    /// <summary>Ends the session of a miner, which dials again; false if it has none.</summary>
    public bool Disconnect(string minerId)
    {
        var session = Service<MinerSessions>().Find(minerId);
        session?.Close(SessionEnd.Stopping, "the test ends it.");
        return session is not null;
    }

    /// <summary>Waits until what the model's grain, which routes jobs, knows of a miner is so.</summary>
    public async Task<MinerStanding> WaitForAsync(string minerId, Func<MinerStanding, bool> holds) =>
        (await Poll.UntilAsync(() => FindAsync(minerId), standing => standing is not null && holds(standing), Patience))!;

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

    private async Task<MinerStanding?> FindAsync(string minerId) =>
        (await Grains.GetGrain<IModelGrain>(TinyModel.Id).Miners()).FirstOrDefault(one => one.Offer.MinerId == minerId);

    private async Task JoinAsync(int miners, bool awaitActive)
    {
        for (var i = 0; i < miners; i++)
        {
            await JoinAsync();
        }

        if (awaitActive)
        {
            foreach (var miner in _miners)
            {
                await WaitForAsync(miner.Id, MinerState.Active);
            }
        }
    }
}
