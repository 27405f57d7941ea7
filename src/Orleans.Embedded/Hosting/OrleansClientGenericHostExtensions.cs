using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Hosting;
using Orleans.Hosting;

namespace Microsoft.Extensions.Hosting;

/// <summary>Puts a client into a host: it calls the grains of a cluster and has none itself.</summary>
public static class OrleansClientGenericHostExtensions
{
    /// <summary>Adds a client to the host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    public static IHostApplicationBuilder UseOrleansClient(this IHostApplicationBuilder hostAppBuilder)
    {
        return hostAppBuilder.UseOrleansClient(static _ => { });
    }

    /// <summary>Adds a client to the host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    public static HostApplicationBuilder UseOrleansClient(this HostApplicationBuilder hostAppBuilder)
    {
        return hostAppBuilder.UseOrleansClient(static _ => { });
    }

    /// <summary>Adds a client to the host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the client.</param>
    /// <exception cref="Orleans.Runtime.OrleansConfigurationException">The host has a silo.</exception>
    public static IHostApplicationBuilder UseOrleansClient(
        this IHostApplicationBuilder hostAppBuilder, Action<IClientBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(ClientServices.Add(hostAppBuilder.Services, hostAppBuilder.Configuration));
        return hostAppBuilder;
    }

    /// <summary>Adds a client to the host.</summary>
    /// <param name="hostAppBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the client.</param>
    /// <exception cref="Orleans.Runtime.OrleansConfigurationException">The host has a silo.</exception>
    public static HostApplicationBuilder UseOrleansClient(
        this HostApplicationBuilder hostAppBuilder, Action<IClientBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(ClientServices.Add(hostAppBuilder.Services, hostAppBuilder.Configuration));
        return hostAppBuilder;
    }

    /// <summary>Adds a client to the host.</summary>
    /// <param name="hostBuilder">The host.</param>
    public static IHostBuilder UseOrleansClient(this IHostBuilder hostBuilder)
    {
        return hostBuilder.UseOrleansClient(static (IClientBuilder _) => { });
    }

    /// <summary>Adds a client to the host.</summary>
    /// <param name="hostBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the client.</param>
    public static IHostBuilder UseOrleansClient(
        this IHostBuilder hostBuilder, Action<IClientBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.UseOrleansClient((_, clientBuilder) => configureDelegate(clientBuilder));
    }

    /// <summary>Adds a client to the host.</summary>
    /// <param name="hostBuilder">The host.</param>
    /// <param name="configureDelegate">Configures the client.</param>
    public static IHostBuilder UseOrleansClient(
        this IHostBuilder hostBuilder, Action<HostBuilderContext, IClientBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        return hostBuilder.ConfigureServices(
            (context, services) => configureDelegate(context, ClientServices.Add(services, context.Configuration)));
    }

    /// <summary>Adds a client to the services of a host.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configureDelegate">Configures the client.</param>
    /// <exception cref="Orleans.Runtime.OrleansConfigurationException">The host has a silo.</exception>
    public static IServiceCollection AddOrleansClient(
        this IServiceCollection services, Action<IClientBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        configureDelegate(ClientServices.Add(services, new ConfigurationBuilder().Build()));
        return services;
    }
}
