using System.Net;
using BTTInferGrid.Front;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Builds and runs the process: a core silo, the front, and the miner that silo.json asks for.</summary>
internal static class GridHost
{
    /// <summary>Runs until the process is told to stop.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="output">Where the ready message goes.</param>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task RunAsync(SiloSettings settings, TextWriter output)
    {
        using var home = GridHome.Open(settings.Home);
        var key = home.LoadOrCreateDeveloperKey();
        await using var app = await StartAsync(settings, key);
        await output.WriteLineAsync(ReadyMessage.Write(app.Urls.First(), key, home.DeveloperKeyPath, settings.File.Models[0].Id));
        await app.WaitForShutdownAsync();
    }

    private static async Task<WebApplication> StartAsync(SiloSettings settings, string developerKey)
    {
        try
        {
            var app = Build(settings, developerKey);
            await app.StartAsync();
            return app;
        }
        catch (IOException error)
        {
            throw new StartException($"{error.Message} Stop what uses it, or name another port with --port.", error);
        }
        catch (Exception error) when (error
            is NativePackageNotFoundException or LlamaLibraryException or ModelFileException or InvalidParameterException)
        {
            throw new StartException(error.Message, error);
        }
    }

    private static WebApplication Build(SiloSettings settings, string developerKey)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        AddLogging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.File.Front.Address), settings.File.Front.Port);
        });

        builder.Services.AddSingleton(services => LlamaLibrary.Load(
            new LlamaOptions(),
            services.GetRequiredService<ILogger<LlamaLibrary>>()));
        builder.Services.AddGridFront(front => Configure(front, settings.File, developerKey));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            if (settings.File.Miner is { } miner)
            {
                silo.AddMiner(options => Configure(options, miner, settings.File));
            }
        });

        var app = builder.Build();
        app.MapGridFront();
        return app;
    }

    private static void Configure(FrontOptions front, SiloFile file, string developerKey)
    {
        front.ApiKeyHashes.Add(ApiKey.Hash(developerKey));
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
