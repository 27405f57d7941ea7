using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Edge;
using Orleans.Embedded.InMemory;
using Orleans.Embedded.Lifecycle;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Placement;
using Orleans.Embedded.References;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Streaming;
using Orleans.Embedded.Timers;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Embedded.Hosting;

/// <summary>Registers the parts of a silo.</summary>
internal static class SiloServices
{
    /// <summary>Registers a silo, or finds the one that the host has.</summary>
    public static ISiloBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        var known = services.FirstOrDefault(static service => service.ServiceType == typeof(SiloBuilder));
        if (known?.ImplementationInstance is SiloBuilder builder)
        {
            return builder;
        }

        ClientServices.ThrowIfAdded<ClientBuilder>(services);
        builder = new SiloBuilder(services, configuration);
        services.AddSingleton(builder);
        services.AddNode();
        services.AddSingleton(static provider => LocalNodeOf(provider));
        services.AddSingleton<ILocalSiloDetails, LocalSiloDetails>();
        services.AddSingleton<ISiloMetadataCache, SiloMetadataCache>();
        services.AddSingleton<ActivationRegistry>();
        services.AddSingleton<ActivationLifecycle>();
        services.AddSingleton<SiloStopping>();
        services.AddSingleton<StreamSweep>();
        services.AddSingleton<TimerQueue>();
        services.AddSingleton<IdleCollector>();
        services.AddSingleton<Catalog>();
        services.AddSingleton<EdgeSessions>();
        services.AddSingleton<ILocalGrains, CoreGrains>();
        services.AddTransient<IGrainContext>(static _ => ActivationContext.Current
            ?? throw new InvalidOperationException(
                $"{nameof(IGrainContext)} is available to the constructors of grains only."));
        services.AddSingleton<SiloLifecycle>();
        services.AddSingleton<ISiloLifecycle>(static provider => provider.GetRequiredService<SiloLifecycle>());
        services.AddSingleton<SiloMember>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static provider => provider.GetRequiredService<SiloMember>());
        services.AddSingleton<MessagingOptions>(
            static provider => provider.GetRequiredService<IOptions<SiloMessagingOptions>>().Value);
        services.AddHostedService<SiloHostedService>();
        return builder;
    }

    /// <summary>Registers membership, directory and transport of a cluster in this process.</summary>
    public static void AddInMemoryCluster(
        this IServiceCollection services, Func<IServiceProvider, InMemoryCluster> cluster)
    {
        services.AddSingleton(cluster);
        services.AddSingleton<IClusterMembership, InMemoryMembership>();
        services.AddSingleton<IGrainDirectoryStore, InMemoryDirectory>();
        services.TryAddSingleton<IMessageTransport, InMemoryTransport>();
    }

    /// <summary>Lets messages cross over TCP, whatever the cluster's membership and directory are.</summary>
    public static void AddTcpTransport(this IServiceCollection services)
    {
        services.AddSingleton<IMessageTransport, TcpTransport>();
    }

    /// <summary>Registers what silos and clients have in common.</summary>
    public static void AddNode(this IServiceCollection services)
    {
        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static _ => new PlacementRandom(Environment.TickCount));
        services.AddSingleton(static _ => GrainAssemblies.Load());
        services.AddSingleton<SiloFence>();
        services.AddSingleton<PendingCalls>();
        services.AddSingleton<CallTimer>();
        services.AddSingleton<PlacementService>();
        services.AddSingleton<IGrainLocator, GrainLocator>();
        services.AddSingleton<Serializer>();
        services.AddSingleton<MessageFormat>();
        services.AddSingleton<RequestTracker>();
        services.AddSingleton<MessageCenter>();
        services.AddSingleton<GrainCaller>();
        services.AddSingleton<GrainFactory>();
        services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<GrainFactory>());
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<GrainFactory>());
    }

    private static LocalNode LocalNodeOf(IServiceProvider services)
    {
        var endpoint = services.GetRequiredService<IOptions<EndpointOptions>>().Value;
        var cluster = services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        var address = SiloAddress.New(
            endpoint.AdvertisedIPAddress, endpoint.SiloPort, SiloAddress.AllocateNewGeneration());
        var name = services.GetRequiredService<IOptions<SiloOptions>>().Value.SiloName;
        return new LocalNode(string.IsNullOrEmpty(name) ? $"Silo_{address}" : name, cluster.ClusterId, address)
        {
            Metadata = services.GetRequiredService<IOptions<SiloMetadataOptions>>().Value.Metadata,
        };
    }
}
