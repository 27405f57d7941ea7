using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Configuration;
#if EDGE_SILOS
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Local;
using Orleans.Configuration;
using Orleans.Embedded.Edge;
#endif

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Runs a miner: an edge silo with an engine, which joins a grid and stays with it.</summary>
internal static class MinerHost
{
    /// <summary>Configures a miner's engine as silo.json says.</summary>
    public static void Configure(MinerOptions options, MinerSection miner, SiloFile file)
    {
        var model = file.Models.Single(model => model.Id == miner.Model);
        options.Model = model.Id;
        options.ModelFile = model.File;
        options.ModelSha256 = model.Sha256;
        options.ContextTokens = model.ContextTokens;
        options.Ask = new MinerAsk(miner.Ask.Prompt, miner.Ask.Output);
        options.Engine = new EngineOptions
        {
            CacheTokens = miner.CacheTokens,
            MaxSequences = miner.MaxSequences,
            BatchTokens = miner.BatchTokens,
            PromptTokensBesideStreams = miner.PromptTokensBesideStreams,
            RetainedTokens = miner.RetainedTokens,
            Threads = miner.Threads,
        };
    }

#if EDGE_SILOS
    /// <summary>Runs until the process is told to stop.</summary>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task RunAsync(SiloSettings settings, Uri gateway, bool withParent)
    {
        var miner = settings.File.Miner
            ?? throw new ConfigurationException($"{settings.Path} has no section 'miner', which says what to serve.");
        using var home = GridHome.Open(settings.Home);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables();
        HostLogging.Add(builder.Logging, settings.LogLevel);
        builder.Services.AddSingleton(services => LlamaLibrary.Load(
            new LlamaOptions(), services.GetRequiredService<ILogger<LlamaLibrary>>()));
        Telemetry.Add(builder.Services, settings.File.Telemetry, "bttgrid-miner", withHttp: false);
        builder.UseEdgeSilo(edge =>
        {
            edge.Configure<ClusterOptions>(static cluster => cluster.ClusterId = GridCluster.ClusterId);
            edge.UseEdgeKeyFile(home.MinerKeyPath);
            edge.Configure<EdgeSiloOptions>(options => options.Gateways.Add(gateway));
            edge.AddMiner(options => Configure(options, miner, settings.File));
        });
        if (withParent)
        {
            builder.Services.AddHostedService<ParentWatch>();
        }

        using var host = builder.Build();
        try
        {
            await host.StartAsync();
            await host.WaitForShutdownAsync();
            BackgroundFailures.ToExitCode(host.Services);
        }
        catch (Exception error) when (error is NativePackageNotFoundException or LlamaLibraryException
            or ModelFileException or InvalidParameterException or IOException)
        {
            throw new StartException(error.Message, error);
        }
    }
#else
    /// <summary>Refuses: Microsoft Orleans has no edge silos.</summary>
    public static Task RunAsync(SiloSettings settings, Uri gateway, bool withParent) => throw new StartException(
        $"This program is built on Microsoft Orleans, where miners are silos of the cluster and cannot join {gateway}.");
#endif
}
