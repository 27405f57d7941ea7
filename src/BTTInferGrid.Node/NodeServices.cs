using BTTInferGrid.Inference;
using BTTInferGrid.Link;
using BTTInferGrid.Node.Links;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Node;

/// <summary>Adds a node, or its engine alone, to a host.</summary>
public static class NodeServices
{
    /// <summary>
    /// Adds an engine and the link to a grid: the host loads the engine when it starts, joins the grid, and stays with it.
    /// Needs a <see cref="LlamaLibrary"/> and an <see cref="INodeCredential"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; invalid ones fail the start of the host.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddNode(this IServiceCollection services, Action<NodeOptions> configure)
    {
        services.AddNodeEngine(configure);
        services.AddSingleton<IValidateOptions<NodeOptions>, LinkOptionsValidator>();
        services.AddHostedService(static provider => new LinkClient(
            provider.GetRequiredService<IOptions<NodeOptions>>(),
            provider.GetRequiredService<NodeEngine>(),
            provider.GetRequiredService<INodeCredential>(),
            provider.GetRequiredService<TimeProvider>(),
            new Random(),
            provider.GetRequiredService<ILogger<LinkClient>>()));
        return services;
    }

    /// <summary>
    /// Adds an engine without a link, for a process that serves jobs itself: a <see cref="NodeEngine"/>, loaded when the host
    /// starts and drained before it stops. Needs a <see cref="LlamaLibrary"/>.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets the options; invalid ones fail the start of the host.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddNodeEngine(this IServiceCollection services, Action<NodeOptions> configure)
    {
        services.AddOptions<NodeOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NodeOptions>, EngineOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<NodeEngine>();
        services.AddHostedService<EngineLifetime>();
        return services;
    }
}
