using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.AdoNet;
using Orleans.Runtime;

namespace Orleans.Hosting;

/// <summary>Lets silos and clients find each other, and grains, by a database: PostgreSQL or SQLite.</summary>
public static class AdoNetHostingExtensions
{
    /// <summary>Makes the silo a member of the cluster in a database.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configureOptions">Sets the options.</param>
    public static ISiloBuilder UseAdoNetClustering(
        this ISiloBuilder builder, Action<AdoNetClusteringSiloOptions> configureOptions)
    {
        return builder.UseAdoNetClustering(options => options.Configure(configureOptions));
    }

    /// <summary>Makes the silo a member of the cluster in a database.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configureOptions">Sets the options.</param>
    public static ISiloBuilder UseAdoNetClustering(
        this ISiloBuilder builder, Action<OptionsBuilder<AdoNetClusteringSiloOptions>> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureOptions);
        configureOptions(builder.Services.AddOptions<AdoNetClusteringSiloOptions>());
        builder.Services.AddAdoNetCluster(static services =>
        {
            var options = services.GetRequiredService<IOptions<AdoNetClusteringSiloOptions>>().Value;
            return (options.Invariant, options.ConnectionString);
        });
        builder.Services.AddSingleton<DirectoryCleaner>();
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static services => services.GetRequiredService<DirectoryCleaner>());
        return builder;
    }

    /// <summary>Makes the client one of the cluster in a database.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configureOptions">Sets the options.</param>
    public static IClientBuilder UseAdoNetClustering(
        this IClientBuilder builder, Action<AdoNetClusteringClientOptions> configureOptions)
    {
        return builder.UseAdoNetClustering(options => options.Configure(configureOptions));
    }

    /// <summary>Makes the client one of the cluster in a database.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configureOptions">Sets the options.</param>
    public static IClientBuilder UseAdoNetClustering(
        this IClientBuilder builder, Action<OptionsBuilder<AdoNetClusteringClientOptions>> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureOptions);
        configureOptions(builder.Services.AddOptions<AdoNetClusteringClientOptions>());
        builder.Services.AddAdoNetCluster(static services =>
        {
            var options = services.GetRequiredService<IOptions<AdoNetClusteringClientOptions>>().Value;
            return (options.Invariant, options.ConnectionString);
        });
        return builder;
    }
}
