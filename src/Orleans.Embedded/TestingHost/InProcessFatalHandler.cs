using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Hosting;

namespace Orleans.Embedded.TestingHost;

/// <summary>Ends a silo of a test cluster that was declared dead, and not the process, which has other silos.</summary>
internal sealed class InProcessFatalHandler(IServiceProvider services, IHostApplicationLifetime lifetime) : IFatalHandler
{
    public void OnFatal(string reason)
    {
        _ = services.GetRequiredService<SiloMember>().KillAsync();
        lifetime.StopApplication();
    }
}
