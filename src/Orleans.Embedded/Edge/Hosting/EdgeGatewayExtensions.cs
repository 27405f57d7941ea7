using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>Makes core silos gateways of edge silos.</summary>
public static class EdgeGatewayExtensions
{
    /// <summary>Makes the silo a gateway. An <see cref="IEdgeAuthenticator"/> is needed too, or nobody gets in.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets the limits.</param>
    public static ISiloBuilder AddEdgeGateway(this ISiloBuilder builder, Action<EdgeGatewayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure ?? (static _ => { }));
        builder.Services.AddSingleton<EdgeGateway>();
        builder.Services.AddSingleton<IEdgeGateway>(static services => services.GetRequiredService<EdgeGateway>());
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            static services => services.GetRequiredService<EdgeGateway>());
        builder.Services.AddHostedService<EdgeGatewayStop>();
        return builder;
    }

    /// <summary>Lets edge silos in that prove themselves by a key; see <c>UseEdgeKeyFile</c>.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Says which.</param>
    public static ISiloBuilder AddEdgeKeys(this ISiloBuilder builder, Action<EdgeKeyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(configure);
        builder.Services.AddSingleton<IEdgeAuthenticator, EdgeKeyAuthenticator>();
        return builder;
    }

    /// <summary>
    /// Lets edge silos connect by WebSocket to an address of this application, whose host has a silo that is a gateway.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The path, such as <c>/edge</c>.</param>
    /// <exception cref="OrleansConfigurationException">The host has no gateway.</exception>
    public static IEndpointConventionBuilder MapEdgeSilos(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var gateway = endpoints.ServiceProvider.GetService<EdgeGateway>() ?? throw new OrleansConfigurationException(
            "The silo of this host is no gateway of edge silos. Call AddEdgeGateway in UseOrleans.");
        var application = endpoints.CreateApplicationBuilder();
        application.UseWebSockets();
        application.Run(async context =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
                return;
            }

            await using var line = new WebSocketLine(await context.WebSockets.AcceptWebSocketAsync());
            await gateway.ServeAsync(line, context.RequestAborted);
        });
        return endpoints.Map(pattern, application.Build());
    }
}
