using Microsoft.Extensions.Hosting;

namespace Orleans.Embedded.Edge;

/// <summary>
/// Sends the edge silos away when the host begins to stop: the web server stops before the silo, and waits for its
/// connections. Hosted services that are added later can do their last work with edge silos before, when they stop.
/// </summary>
internal sealed class EdgeGatewayStop(EdgeGateway gateway) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        gateway.Stop();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
