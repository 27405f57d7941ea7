using BTTInferGrid.Chain.Nodes;
using BTTInferGrid.Front;
using BTTInferGrid.Grains;
using BTTInferGrid.Inference;
using BTTInferGrid.Link;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Dashboard;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Registers what processes of a grid have in common.</summary>
internal static class GridServices
{
    /// <summary>llama.cpp, logging and telemetry.</summary>
    public static void AddCommon(
        IServiceCollection services, ILoggingBuilder logging, SiloSettings settings, GridHome home, string name, bool withHttp)
    {
        HostLogging.Add(logging, settings.LogLevel);
        services.AddSingleton(provider => LlamaLibrary.Load(
            new LlamaOptions(), provider.GetRequiredService<ILogger<LlamaLibrary>>()));
        Telemetry.Add(services, settings.File.Telemetry, name, withHttp);
        services.AddSingleton(home);
        services.TryAddSingleton<INodeCredential>(_ => NodeKeyFile.Open(home.MinerKeyPath));
    }

    /// <summary>A silo with the grains of its roles.</summary>
    public static void Configure(ISiloBuilder silo, SiloSettings settings, GridHome home, GridRoles roles)
    {
        var file = settings.File;
        GridCluster.Configure(silo, file.Cluster, home);
        silo.AddActivityPropagation();
        if (file.Front.Dashboard)
        {
            silo.AddDashboard(static dashboard => dashboard.HideTrace = true);
        }

        silo.AddGrid();
        silo.Services.AddSingleton(Options.Create(file.Routing));
        silo.Services.AddSingleton(Options.Create(file.Jobs));
        silo.Services.AddSingleton(Options.Create(file.Miners));
        if (roles.HasFlag(GridRoles.Front))
        {
            silo.Services.AddSingleton<INodeProofVerifier, WalletProofVerifier>();
            silo.AddGridLinks(links =>
            {
                links.AllowPlainText = file.Front.AllowPlainLinks;
                foreach (var host in file.Front.Hosts)
                {
                    links.Hosts.Add(host.ToLowerInvariant());
                }
            });
        }
        else
        {
            silo.HostOnlyMiners();
        }

        if (roles.HasFlag(GridRoles.Gpu))
        {
            var miner = file.Miner
                ?? throw new ConfigurationException($"{settings.Path} has no section 'miner', which says what the role gpu serves.");
            silo.AddGridEngine(node => NodeHost.Configure(node, miner, file));
        }
    }

    /// <summary>The models of silo.json.</summary>
    public static void Configure(FrontOptions front, SiloFile file)
    {
        foreach (var model in file.Models)
        {
            front.Models.Add(new CatalogueModel(
                model.Id, model.File, model.ContextTokens, model.DefaultMaxTokens,
                model.Probe is { } probe ? new ProbeQuestion(probe.Question, probe.Answer) : null,
                model.Sha256));
        }
    }
}
