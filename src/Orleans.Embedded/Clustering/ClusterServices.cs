using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Embedded.Hosting;

namespace Orleans.Embedded.Clustering;

/// <summary>Registers membership by leases; the table is registered by who has one.</summary>
internal static class ClusterServices
{
    public static IServiceCollection AddLeasedMembership(this IServiceCollection services)
    {
        services.TryAddSingleton<ISiloProbe, TcpSiloProbe>();
        services.TryAddSingleton<IFatalHandler, HostFatalHandler>();
        services.AddSingleton<IClusterMembership, LeasedMembership>();
        return services;
    }
}
