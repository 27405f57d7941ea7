using BTTInferGrid.Front;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;

namespace BTTInferGrid.Silo.Hosting;

/// <summary>Runs a silo that has an engine and no front: one of the operator's machines, which serves jobs for the cluster.</summary>
internal static class GpuHost
{
    /// <summary>Runs until the process is stopped.</summary>
    /// <exception cref="StartException">It cannot start.</exception>
    public static async Task RunAsync(SiloSettings settings)
    {
        if (settings.File.Cluster is null)
        {
            throw new ConfigurationException(
                $"{settings.Path} has no section 'cluster': a silo with the role gpu alone needs the database of the silos with fronts.");
        }

        using var home = GridHome.Open(settings.Home);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddEnvironmentVariables();
        GridServices.AddCommon(builder.Services, builder.Logging, settings, home, "bttgrid-gpu", withHttp: false);
        builder.Services.AddGridCatalogue(front => GridServices.Configure(front, settings.File));
        builder.UseOrleans(silo => GridServices.Configure(silo, settings, home, GridRoles.Gpu));
        using var host = builder.Build();
        await HostStart.StartAsync(host, settings);
        await host.WaitForShutdownAsync();
        BackgroundFailures.ToExitCode(host.Services);
    }
}
