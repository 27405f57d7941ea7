using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Lifecycle;
using Orleans.Runtime;

namespace Orleans.Embedded.Hosting;

/// <summary>Runs the silo's lifecycle as a service of the host.</summary>
internal sealed class SiloHostedService(IServiceProvider services) : IHostedService
{
    private SiloLifecycle? _lifecycle;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IClusterMembership>() is null)
        {
            throw new OrleansConfigurationException(
                "The silo has no cluster to join. Call UseLocalhostClustering or UseAdoNetClustering in UseOrleans.");
        }

        _lifecycle = services.GetRequiredService<SiloLifecycle>();
        foreach (var participant in services.GetServices<ILifecycleParticipant<ISiloLifecycle>>())
        {
            participant.Participate(_lifecycle);
        }

        try
        {
            await _lifecycle.StartAsync(cancellationToken);
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _lifecycle, null) is { } lifecycle)
        {
            await lifecycle.StopAsync(cancellationToken);
        }
    }

    /// <summary>Makes the host's stop do nothing, for a silo that was killed.</summary>
    public void Abandon()
    {
        _lifecycle = null;
    }
}
