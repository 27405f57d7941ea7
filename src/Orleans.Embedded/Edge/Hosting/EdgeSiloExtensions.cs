using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>Puts an edge silo into a host.</summary>
public static class EdgeSiloExtensions
{
    /// <summary>
    /// Adds an edge silo to the host. Its cluster is that of <c>ClusterOptions.ClusterId</c>, its gateways and grains are
    /// those of <see cref="EdgeSiloOptions"/>, its identity is that of the <see cref="IEdgeCredential"/>.
    /// </summary>
    /// <param name="hostAppBuilder">The host, which has no other silo.</param>
    /// <param name="configureDelegate">Configures the edge silo.</param>
    public static IHostApplicationBuilder UseEdgeSilo(
        this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        ArgumentNullException.ThrowIfNull(hostAppBuilder);
        ArgumentNullException.ThrowIfNull(configureDelegate);
        var services = hostAppBuilder.Services;
        if (services.Any(static service => service.ServiceType == typeof(SiloMember)))
        {
            throw new OrleansConfigurationException("The host has a silo already. An edge silo needs a host of its own.");
        }

        var builder = SiloServices.Add(services, hostAppBuilder.Configuration);
        services.Replace(ServiceDescriptor.Singleton(static _ => GrainAssemblies.Load(namesGrainsByInterface: true)));
        services.Replace(ServiceDescriptor.Singleton(static provider => NodeOf(provider)));
        services.Replace(ServiceDescriptor.Singleton<ILocalGrains, EdgeGrains>());
        services.Replace(ServiceDescriptor.Singleton<IGrainLocator, EdgeLocator>());
        services.AddSingleton<EdgeHosting>();
        services.AddSingleton<EdgeMembership>();
        services.AddSingleton<IClusterMembership>(static provider => provider.GetRequiredService<EdgeMembership>());
        services.AddSingleton<EdgeTransport>();
        services.AddSingleton<IMessageTransport>(static provider => provider.GetRequiredService<EdgeTransport>());
        services.TryAddSingleton<IEdgeCarrier, WebSocketCarrier>();
        services.TryAddSingleton(static _ => new EdgeRandom(new Random()));
        services.AddSingleton<EdgeSilo>();
        services.AddSingleton<IEdgeSilo>(static provider => provider.GetRequiredService<EdgeSilo>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static provider => provider.GetRequiredService<EdgeSilo>());
        configureDelegate(builder);
        return hostAppBuilder;
    }

    /// <summary>
    /// Gives the edge silo the identity of a private key in a file, which is made if it is missing. The file must be for its
    /// owner only (mode 600).
    /// </summary>
    /// <param name="builder">The edge silo.</param>
    /// <param name="path">The file.</param>
    public static ISiloBuilder UseEdgeKeyFile(this ISiloBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        builder.Services.AddSingleton<IEdgeCredential>(_ => EdgeKeyFile.Open(path));
        return builder;
    }

    private static LocalNode NodeOf(IServiceProvider services)
    {
        var credential = services.GetService<IEdgeCredential>() ?? throw new OrleansConfigurationException(
            "The edge silo has no identity. Call UseEdgeKeyFile, or register an IEdgeCredential.");
        if (!EdgeIdentity.IsValid(credential.Identity))
        {
            throw new OrleansConfigurationException($"'{credential.Identity}' is no identity of an edge silo.");
        }

        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        return new LocalNode(
            credential.Identity,
            cluster.ClusterId,
            SiloAddress.New(IPAddress.Loopback, 0, SiloAddress.AllocateNewGeneration()));
    }
}
