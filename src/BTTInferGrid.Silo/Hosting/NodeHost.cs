using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Nodes;
using BTTInferGrid.Inference;
using BTTInferGrid.Link;
using BTTInferGrid.Node;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Local;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Runs a node: an engine that joins a grid and stays with it.</summary>
internal static class NodeHost
{
    /// <summary>Configures an engine by silo.json.</summary>
    public static void Configure(NodeOptions options, MinerSection miner, SiloFile file)
    {
        var model = file.Models.Single(model => model.Id == miner.Model);
        options.Model = model.Id;
        options.ModelFile = model.File;
        options.ModelSha256 = model.Sha256;
        options.ContextTokens = model.ContextTokens;
        options.PromptPrice = miner.Ask.Prompt;
        options.OutputPrice = miner.Ask.Output;
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

    /// <summary>Runs until the process is stopped.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="fronts">Fronts of the grid to join.</param>
    /// <param name="wallet">The wallet as which the node joins; null for the key of its home folder.</param>
    /// <param name="withParent">End when standard input does.</param>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task RunAsync(SiloSettings settings, IReadOnlyList<Uri> fronts, PrivateKey? wallet, bool withParent)
    {
        var miner = settings.File.Miner
            ?? throw new ConfigurationException($"{settings.Path} has no section 'miner', which says what to serve.");
        using var home = GridHome.Open(settings.Home);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables();
        if (wallet is not null)
        {
            builder.Services.AddSingleton<INodeCredential>(new WalletCredential(wallet));
        }

        GridServices.AddCommon(builder.Services, builder.Logging, settings, home, "bttgrid-miner", withHttp: false);
        builder.Services.AddNode(node =>
        {
            Configure(node, miner, settings.File);
            node.Grids = [.. fronts];
            node.AllowPlainText = miner.AllowPlainText;
        });
        if (withParent)
        {
            builder.Services.AddHostedService<ParentWatch>();
        }

        using var host = builder.Build();
        await HostStart.StartAsync(host, settings);
        await host.WaitForShutdownAsync();
        BackgroundFailures.ToExitCode(host.Services);
    }
}
