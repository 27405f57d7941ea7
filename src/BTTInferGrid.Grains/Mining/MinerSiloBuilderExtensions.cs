using Microsoft.Extensions.DependencyInjection;

namespace BTTInferGrid.Grains.Mining;

/// <summary>Makes a silo a miner.</summary>
public static class MinerSiloBuilderExtensions
{
    /// <summary>Loads the engine when the silo starts and offers it to the model. <c>LlamaLibrary</c> must be registered.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Says what the miner runs.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder AddMiner(this ISiloBuilder builder, Action<MinerOptions> configure)
    {
        builder.Services.AddOptions<MinerOptions>().Configure(configure);
        builder.Services.AddSingleton<MinerEngine>();
        builder.AddStartupTask(static (services, cancellationToken) =>
            services.GetRequiredService<MinerEngine>().JoinAsync(cancellationToken));
        return builder;
    }
}
