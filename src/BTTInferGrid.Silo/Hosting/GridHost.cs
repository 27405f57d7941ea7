using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using BTTInferGrid.Front;
using BTTInferGrid.Front.Connections;
using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using Microsoft.AspNetCore.Connections;
using Orleans.Configuration;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Builds and runs the process: a core silo, the front, and the miner that silo.json asks for.</summary>
internal static class GridHost
{
    // Answers in progress may end; a client that sends nothing must not hold up Ctrl-C.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    // Part of what grain state is stored under, so it stays when the way of clustering changes.
    private const string ServiceId = "bttgrid";

    /// <summary>Runs until the process is told to stop.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="output">Where the ready message goes.</param>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task RunAsync(SiloSettings settings, TextWriter output)
    {
        using var home = GridHome.Open(settings.Home);
        var key = home.LoadOrCreateDeveloperKey();
        await using var app = Build(settings, home, key);
        if (!await StartAsync(app, settings.File.Front, home))
        {
            return;
        }

        var listening = new Uri(app.Urls.First());
        await output.WriteLineAsync(ReadyMessage.Write(listening, key, home.DeveloperKeyPath, settings.File));
        await app.WaitForShutdownAsync();
    }

    /// <summary>Starts the application; false when it was told to stop meanwhile.</summary>
    private static async Task<bool> StartAsync(WebApplication app, FrontSection front, GridHome home)
    {
        try
        {
            await app.StartAsync();
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error) when (error is AddressInUseException or SocketException
            || error.InnerException is AddressInUseException or SocketException)
        {
            throw new StartException(
                $"Cannot listen on {front.Address} port {front.Port}: {error.Message}"
                + " Stop what uses it, or name another port with --port, or another front.address.",
                error);
        }
        catch (DbException error)
        {
            throw new StartException(
                $"The database {home.DatabasePath} cannot be used: {error.Message} Restore it, or name another folder with --home.",
                error);
        }
        catch (Exception error) when (error is NativePackageNotFoundException or LlamaLibraryException
            or ModelFileException or ChatTemplateException or InvalidParameterException or IOException)
        {
            throw new StartException(error.Message, error);
        }
    }

    private static WebApplication Build(SiloSettings settings, GridHome home, string developerKey)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddLogging(builder.Logging);
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
        builder.Services.AddGridFront(front => Configure(front, settings.File));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(serviceId: ServiceId);
            silo.AddAdoNetGrainStorageAsDefault((AdoNetGrainStorageOptions storage) =>
            {
                storage.Invariant = "Microsoft.Data.Sqlite";
                storage.ConnectionString = home.DatabaseConnection;
            });
            silo.AddStartupTask((services, _) => DeveloperAccount.RegisterAsync(
                services.GetRequiredService<IGrainFactory>(), developerKey, home.DeveloperKeyPath));
            if (settings.File.Miner is { } miner)
            {
                silo.AddMiner(options => Configure(options, miner, settings.File));
            }
        });

        var app = builder.Build();
        app.MapGridFront();
        return app;
    }

    private static void Configure(FrontOptions front, SiloFile file)
    {
        foreach (var model in file.Models)
        {
            front.Models.Add(new FrontModel(model.Id, model.File, model.ContextTokens, model.DefaultMaxTokens));
        }
    }

    private static void Configure(MinerOptions options, MinerSection miner, SiloFile file)
    {
        var model = file.Models.Single(model => model.Id == miner.Model);
        options.MinerId = miner.Id;
        options.Model = model.Id;
        options.ModelFile = model.File;
        options.ContextTokens = model.ContextTokens;
        options.CacheTokens = miner.CacheTokens;
        options.MaxSequences = miner.MaxSequences;
        options.Threads = miner.Threads;
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // Why the start failed is said once, by whoever catches it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        // Standard output is for what was asked for; the log goes to standard error.
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
    }
}
