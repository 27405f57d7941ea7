using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Embedded.Hosting;

/// <summary>Registers the parts of a client.</summary>
internal static class ClientServices
{
    /// <summary>Registers a client, or finds the one that the host has.</summary>
    public static IClientBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        var known = services.FirstOrDefault(static service => service.ServiceType == typeof(ClientBuilder));
        if (known?.ImplementationInstance is ClientBuilder builder)
        {
            return builder;
        }

        ThrowIfAdded<SiloBuilder>(services);
        builder = new ClientBuilder(services, configuration);
        services.AddSingleton(builder);
        services.AddNode();
        services.AddSingleton(static provider => LocalNode.ForClient(
            "Client", provider.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId));
        services.AddSingleton<MessagingOptions>(
            static provider => provider.GetRequiredService<IOptions<ClientMessagingOptions>>().Value);
        services.AddHostedService<ClientHostedService>();
        return builder;
    }

    /// <exception cref="OrleansConfigurationException">The host has the other part already.</exception>
    public static void ThrowIfAdded<TBuilder>(IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(TBuilder)))
        {
            throw new OrleansConfigurationException(
                "A host has either a silo or a client. A silo's host has an IClusterClient anyway: leave UseOrleansClient "
                + "away.");
        }
    }
}
