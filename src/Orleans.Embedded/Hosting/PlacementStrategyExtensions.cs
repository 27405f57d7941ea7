using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Orleans.Hosting;

/// <summary>Registers directors of placement strategies.</summary>
public static class PlacementStrategyExtensions
{
    /// <summary>Registers the director of a strategy. Every silo of the cluster needs it.</summary>
    /// <typeparam name="TStrategy">The strategy.</typeparam>
    /// <typeparam name="TDirector">The director, of which the silo has one.</typeparam>
    /// <param name="builder">The silo.</param>
    public static ISiloBuilder AddPlacementDirector<TStrategy, TDirector>(this ISiloBuilder builder)
        where TStrategy : PlacementStrategy, new()
        where TDirector : class, IPlacementDirector
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IPlacementDirector, TDirector>(typeof(TStrategy));
        return builder;
    }
}
