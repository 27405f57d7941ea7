using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.AdoNet;
using Orleans.Embedded.Clustering;
using Orleans.Providers;
using Orleans.Runtime.Hosting;

namespace Orleans.Hosting;

/// <summary>Registers stores that keep grain state in PostgreSQL or SQLite.</summary>
public static class AdoNetGrainStorageSiloBuilderExtensions
{
    /// <summary>Registers the default store.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configureOptions">Sets its options.</param>
    public static ISiloBuilder AddAdoNetGrainStorageAsDefault(
        this ISiloBuilder builder, Action<AdoNetGrainStorageOptions> configureOptions)
    {
        return builder.AddAdoNetGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);
    }

    /// <summary>Registers the default store.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configureOptions">Sets its options.</param>
    public static ISiloBuilder AddAdoNetGrainStorageAsDefault(
        this ISiloBuilder builder, Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null)
    {
        return builder.AddAdoNetGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configureOptions);
    }

    /// <summary>Registers a store under a name.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The name. Stores of one service in one database share their records, whatever their names.</param>
    /// <param name="configureOptions">Sets its options.</param>
    public static ISiloBuilder AddAdoNetGrainStorage(
        this ISiloBuilder builder, string name, Action<AdoNetGrainStorageOptions> configureOptions)
    {
        return builder.AddAdoNetGrainStorage(name, options => options.Configure(configureOptions));
    }

    /// <summary>Registers a store under a name.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="name">The name. Stores of one service in one database share their records, whatever their names.</param>
    /// <param name="configureOptions">Sets its options.</param>
    public static ISiloBuilder AddAdoNetGrainStorage(
        this ISiloBuilder builder,
        string name,
        Action<OptionsBuilder<AdoNetGrainStorageOptions>>? configureOptions = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        configureOptions?.Invoke(builder.Services.AddOptions<AdoNetGrainStorageOptions>(name));
        builder.Services.AddGrainStorage(name, static (services, storageName) =>
        {
            var options = services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(storageName);
            var service = services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId;
            var database = Database.Open(
                $"Grain storage '{storageName}'", options.Invariant, options.ConnectionString, DatabaseUse.State);
            return new AdoNetGrainStorage(
                database, service, options.InitStage, services.GetRequiredService<LocalNode>());
        });
        return builder;
    }
}
