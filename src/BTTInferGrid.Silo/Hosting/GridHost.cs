using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using BTTInferGrid.Front;
using BTTInferGrid.Front.Connections;
using BTTInferGrid.Grains;
using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Local;
using BTTInferGrid.Silo.Terminal;
using Microsoft.AspNetCore.Connections;
#if EDGE_SILOS
using Orleans.Embedded.Edge;
#else
using BTTInferGrid.Grains.Mining;
#endif

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Builds and runs the process: a core silo with the front, and, in a local grid, the processes of its miners.</summary>
internal static class GridHost
{
    /// <summary>Where miners connect to, below the front's address.</summary>
    public const string EdgePath = "/edge";

    /// <summary>
    /// Longest time from being told to stop to the end: answers in progress may end, a client that sends nothing must not
    /// hold up Ctrl-C.
    /// </summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Runs until the process is told to stop.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="withMiners">Run the miners that silo.json asks for as well, and wait until they serve.</param>
    /// <param name="output">Where it says that it is ready.</param>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task RunAsync(SiloSettings settings, bool withMiners, Output output)
    {
        using var home = GridHome.Open(settings.Home);
        var key = home.LoadOrCreateDeveloperKey();
        await using var app = Build(settings, home, withMiners, key);
        if (!await StartAsync(app, settings, home))
        {
            return;
        }

        var url = ReadyMessage.Reachable(new Uri(app.Urls.First()));
        home.WriteUrl(url);
        if (!withMiners || await StatusLine.RunAsync(
            output, say => GridReady.WaitAsync(app.Services, settings.File, say, app.Lifetime.ApplicationStopping)))
        {
            var ready = new ReadyDocument(
                url, home.DeveloperKeyPath, [.. settings.File.Models.Select(static model => model.Id)], withMiners,
                await ChainOf(app));
            output.Write(ready, ResultJson.Default.ReadyDocument, text => ReadyMessage.Write(text, key, settings.File));
        }

        await app.WaitForShutdownAsync();
        BackgroundFailures.ToExitCode(app.Services);
    }

    /// <summary>Where the local chain answers; null if there is none.</summary>
    private static async Task<Uri?> ChainOf(WebApplication app)
    {
        try
        {
            return app.Services.GetService<LocalChain>() is { } chain ? await chain.Ready.WaitAsync(app.Lifetime.ApplicationStopping) : null;
        }
        catch (OperationCanceledException)
        {
            // Told to stop before it was there.
            return null;
        }
        catch (StartException)
        {
            await app.StopAsync();
            throw;
        }
    }

    /// <summary>Starts the application; false when it was told to stop meanwhile.</summary>
    private static async Task<bool> StartAsync(WebApplication app, SiloSettings settings, GridHome home)
    {
        var front = settings.File.Front;
        try
        {
            await app.StartAsync();
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
        catch (DbException error)
        {
            throw new StartException(
                settings.File.Cluster is null
                    ? $"The database {home.DatabasePath} cannot be used: {error.Message} Restore it, or name another folder with --home."
                    : $"The database of cluster.database cannot be used: {error.Message} Is it running, and does the user have rights in it?",
                error);
        }
        catch (Exception error) when (error is AddressInUseException or SocketException
            || error.InnerException is AddressInUseException or SocketException)
        {
            throw new StartException(
                $"Cannot listen on {front.Address} port {front.Port}: {error.Message}"
                + " Stop what uses it, or name another port with --port, or another front.address.",
                error);
        }
        catch (Exception error) when (error is NativePackageNotFoundException or LlamaLibraryException
            or ModelFileException or ChatTemplateException or InvalidParameterException or IOException)
        {
            throw new StartException(error.Message, error);
        }
    }

    private static WebApplication Build(SiloSettings settings, GridHome home, bool withMiners, string developerKey)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        HostLogging.Add(builder.Logging, settings.LogLevel);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.UseFrontLimits();
            kestrel.Listen(IPAddress.Parse(settings.File.Front.Address), settings.File.Front.Port);
        });

        builder.Services.AddSingleton(services => LlamaLibrary.Load(
            new LlamaOptions(),
            services.GetRequiredService<ILogger<LlamaLibrary>>()));
        Telemetry.Add(builder.Services, settings.File.Telemetry, "bttgrid-silo", withHttp: true);
        builder.Services.AddSingleton(home);
        if (withMiners && settings.File.Chain.Local)
        {
            builder.Services.AddSingleton<LocalChain>();
            builder.Services.AddHostedService(static services => services.GetRequiredService<LocalChain>());
        }

        builder.Services.AddGridFront(front => Configure(front, settings.File));
        builder.UseOrleans(silo =>
        {
            GridCluster.Configure(silo, settings.File.Cluster, home);
            silo.AddStartupTask((services, _) => DeveloperAccount.RegisterAsync(
                services.GetRequiredService<IGrainFactory>(), developerKey, home.DeveloperKeyPath));
            silo.AddGrid();
#if EDGE_SILOS
            silo.AddEdgeGateway();
            silo.AddEdgeKeys(static keys => keys.AllowAnyKey = true);
#else
            if (withMiners)
            {
                silo.AddMiner(options =>
                {
                    options.MinerId = "local";
                    MinerHost.Configure(options, settings.File.Miner!, settings.File);
                });
            }
#endif
        });
#if EDGE_SILOS
        if (withMiners)
        {
            builder.Services.AddSingleton(settings);
            builder.Services.AddHostedService<MinerSupervisor>();
        }
#endif

        var app = builder.Build();
        app.MapGridFront();
        Telemetry.Map(app, settings.File);
#if EDGE_SILOS
        app.MapEdgeSilos(EdgePath);
#endif
        return app;
    }

    private static void Configure(FrontOptions front, SiloFile file)
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
