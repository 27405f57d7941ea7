using BTTInferGrid.Front;
using BTTInferGrid.Grains;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Local;
using BTTInferGrid.Silo.Terminal;
using Orleans.Dashboard;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Builds and runs a process with a front: a silo or a client of the cluster, and, in a local grid, the processes of its miners.</summary>
internal static class GridHost
{
    /// <summary>
    /// Longest time from the signal to stop to the end of the process: answers in progress may end, a client that sends
    /// nothing must not hold up Ctrl-C.
    /// </summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan ClientStartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Runs until the process is stopped.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="parts">Which parts of a grid; with miners it waits until they serve.</param>
    /// <param name="output">Where it reports that it is ready.</param>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task RunAsync(SiloSettings settings, GridParts parts, Output output)
    {
        if (parts.IsClient && settings.File.Cluster is null)
        {
            throw new ConfigurationException($"{settings.Path} has no section 'cluster': a front alone needs the database of its silos.");
        }

        using var home = GridHome.Open(settings.Home);
        var key = home.LoadOrCreateDeveloperKey();
        await using var app = Build(settings, home, parts, key);
        if (!await HostStart.StartAsync(app, settings))
        {
            return;
        }

        if (parts.IsClient)
        {
            await DeveloperAccount.RegisterAsync(app.Services.GetRequiredService<IGrainFactory>(), key, home.DeveloperKeyPath);
        }

        var url = ReadyMessage.AddressOf(new Uri(app.Urls.First()), settings.File.Front);
        home.WriteUrl(url);
        if (!parts.WithMiners || await StatusLine.RunAsync(
            output, say => GridReady.WaitAsync(app.Services, settings.File, say, app.Lifetime.ApplicationStopping)))
        {
            var ready = new ReadyDocument(
                url, home.DeveloperKeyPath, [.. settings.File.Models.Select(static model => model.Id)], parts.WithMiners,
                await ChainOf(app));
            output.Write(ready, ResultJson.Default.ReadyDocument, text => ReadyMessage.Write(text, key, settings.File, acceptsLinks: !parts.IsClient));
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

    private static WebApplication Build(SiloSettings settings, GridHome home, GridParts parts, string developerKey)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        GridServices.AddCommon(builder.Services, builder.Logging, settings, home, parts.Name, withHttp: true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.ConfigureKestrel(kestrel => FrontListener.Configure(kestrel, settings.File.Front, parts.WithMiners));
        if (parts.WithMiners && settings.File.Chain.Local)
        {
            builder.Services.AddSingleton<LocalChain>();
            builder.Services.AddHostedService(static services => services.GetRequiredService<LocalChain>());
        }

        builder.Services.AddGridFront(front => GridServices.Configure(front, settings.File));
        if (parts.IsClient)
        {
            // The client waits for a silo without end; a person who waits should be told why.
            builder.Services.Configure<HostOptions>(static host => host.StartupTimeout = ClientStartTimeout);
            builder.UseOrleansClient(client =>
            {
                GridCluster.Configure(client, settings.File.Cluster!);
                client.AddActivityPropagation();
            });
        }
        else
        {
            builder.UseOrleans(silo =>
            {
                GridServices.Configure(silo, settings, home, parts.Roles);
                silo.AddStartupTask((services, _) => DeveloperAccount.RegisterAsync(
                    services.GetRequiredService<IGrainFactory>(), developerKey, home.DeveloperKeyPath));
            });
        }

        if (parts.WithMiners)
        {
            builder.Services.AddSingleton(settings);
            builder.Services.AddHostedService<MinerSupervisor>();
        }

        var app = builder.Build();
        FrontListener.RestrictLinkPort(app, settings.File.Front);
        app.MapGridFront();
        if (!parts.IsClient)
        {
            app.MapGridLinks();
            if (settings.File.Front.Dashboard)
            {
                app.MapOrleansDashboard("/orleans").RequireAdminLogin();
            }
        }

        Telemetry.Map(app, settings.File);
        return app;
    }
}

/// <summary>The parts of a grid that a process with a front has.</summary>
/// <param name="Roles">Roles of its silo; none if the process has no silo and is a client of the cluster.</param>
/// <param name="WithMiners">Whether it starts the miners that silo.json asks for as well.</param>
internal sealed record GridParts(GridRoles Roles, bool WithMiners = false)
{
    public bool IsClient => Roles == GridRoles.None;

    /// <summary>Name of the process in telemetry.</summary>
    public string Name => IsClient ? "bttgrid-front" : "bttgrid-silo";
}
