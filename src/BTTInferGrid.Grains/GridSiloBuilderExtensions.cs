using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Miners.Engines;
using BTTInferGrid.Grains.Miners.Links;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Grains.Routing;
using BTTInferGrid.Grains.Telemetry;
using BTTInferGrid.Link;
using BTTInferGrid.Node;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Configuration;
using LinkOptions = BTTInferGrid.Grains.Miners.Links.LinkOptions;

namespace BTTInferGrid.Grains;

/// <summary>Makes a silo host the grid's grains.</summary>
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
        builder.Services.TryAddKeyedSingleton(GridClockAttribute.Name, TimeProvider.System);
        builder.Services.AddOptions<JobOptions>().ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<RoutingOptions>().ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<MinerOptions>().ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LocalJobStreams>();
        builder.Services.AddSingleton<IJobStreams>(static services => services.GetRequiredService<LocalJobStreams>());
        builder.Services.AddSingleton<ProcessPauses>();
        builder.Services.AddSingleton<TraceRetention>();
        builder.Services.AddSingleton<MinerProbe>();
        builder.Services.AddSingleton<MinerSessions>();
        builder.Services.AddSingleton<MinerAttachment>();
        builder.Services.AddSingleton<MinerPublisher>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<MinerPublisher>());
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<JobTelemetry>();
        builder.Services.AddSingleton<MinerGauges>();
        return builder;
    }

    /// <summary>Lets nodes open links to this silo; <see cref="MapGridLinks"/> maps the service.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Says who may open links.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder AddGridLinks(this ISiloBuilder builder, Action<LinkOptions>? configure = null)
    {
        builder.Services.AddOptions<LinkOptions>()
            .Configure(options => configure?.Invoke(options)).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<INodeProofVerifier, P256ProofVerifier>();
        builder.Services.AddSingleton<LinkHandshake>();
        builder.Services.AddSingleton<OfferBudgets>();
        builder.Services.AddSingleton<LinkHub>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<LinkHub>());
        builder.Services.AddGrpc(static grpc =>
        {
            grpc.MaxReceiveMessageSize = LinkProtocol.MaxMessageFromNode;

            // Its route for unknown services would answer for paths of the API.
            grpc.IgnoreUnknownServices = true;
        });
        return builder;
    }

    /// <summary>
    /// Makes the engine of this process a miner of the grid. A <c>LlamaLibrary</c> and an <see cref="INodeCredential"/> must be
    /// registered.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Says what the engine serves.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder AddGridEngine(this ISiloBuilder builder, Action<NodeOptions> configure)
    {
        builder.Services.AddNodeEngine(configure);
        builder.Services.AddHostedService<EngineMiner>();
        return builder;
    }

    /// <summary>
    /// Leaves only miners to this silo: its machine is for an engine, and all other grains live on the other silos of the
    /// cluster.
    /// </summary>
    /// <param name="builder">The silo.</param>
    /// <returns>The same silo.</returns>
    public static ISiloBuilder HostOnlyMiners(this ISiloBuilder builder) => builder.Configure<GrainTypeOptions>(static types =>
        types.Classes.RemoveWhere(static type => type.Assembly == typeof(GridSiloBuilderExtensions).Assembly && type != typeof(MinerGrain)));

    /// <summary>Maps the link's service.</summary>
    public static IEndpointConventionBuilder MapGridLinks(this IEndpointRouteBuilder routes) => routes.MapGrpcService<LinkService>();
}
