using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Placing;
using BTTInferGrid.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BTTInferGrid.Grains;

/// <summary>Makes a core silo host the grid's grains.</summary>
public static class GridSiloBuilderExtensions
{
    /// <summary>
    /// Registers what the grains need. A <c>ModelCatalogue</c> must be registered, and loaded before a miner joins; so must
    /// the default grain storage.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder AddGrid(this ISiloBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<JobOptions>()
            .Validate(static options => options.KeptTraces > 0, $"{nameof(JobOptions.KeptTraces)} must be 1 or more.")
            .ValidateOnStart();
        builder.Services.AddSingleton<EndedJobs>();
        builder.Services.AddOptions<PlacementOptions>();
        builder.Services.AddOptions<MinerRecordOptions>();
        builder.Services.AddSingleton<MinerProbe>();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<JobTelemetry>();
        builder.Services.AddSingleton<MinerGauges>();
        return builder;
    }
}
