using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded.Hosting;

namespace Orleans.TestingHost;

/// <summary>A silo of a test cluster in this process.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private int _isStopped;

    /// <summary>The silo's host.</summary>
    public IHost SiloHost { get; init; } = null!;

    /// <summary>The services of the silo's host.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;

    /// <inheritdoc />
    public override bool IsActive => _isStopped == 0;

    /// <inheritdoc />
    public override async Task StopSiloAsync(bool stopGracefully)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        if (!stopGracefully)
        {
            foreach (var service in ServiceProvider.GetServices<IHostedService>().OfType<SiloHostedService>())
            {
                service.Abandon();
            }

            await ServiceProvider.GetRequiredService<SiloMember>().KillAsync();
        }

        await SiloHost.StopAsync();
    }

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: true);
        if (SiloHost is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            SiloHost.Dispose();
        }
    }
}
