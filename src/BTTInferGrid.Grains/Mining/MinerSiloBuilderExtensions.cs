using BTTInferGrid.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
#if EDGE_SILOS
using BTTInferGrid.Compute;
using Orleans.Embedded.Edge;
#endif

namespace BTTInferGrid.Grains.Mining;

/// <summary>Makes a process a miner.</summary>
public static class MinerSiloBuilderExtensions
{
    /// <summary>
    /// Loads the engine when the silo starts and joins the grid with it. <c>LlamaLibrary</c> must be registered. The silo is
    /// an edge silo; on Microsoft Orleans, which has none, it is one of the cluster's own.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Says what the miner runs.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder AddMiner(this ISiloBuilder builder, Action<MinerOptions> configure)
    {
        builder.Services.AddOptions<MinerOptions>().Configure(configure);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<MinerEngine>();
        builder.Services.AddSingleton<EngineMetrics>();
        builder.Services.AddHostedService<MinerSession>();
#if EDGE_SILOS
        builder.Configure<EdgeSiloOptions>(static edge => edge.Host<IMinerGrain>());
#endif
        return builder;
    }
}
