using Microsoft.Extensions.Hosting;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Hosting;

/// <summary>Connects a client when its host starts.</summary>
internal sealed class ClientHostedService(MessageCenter messages, CallTimer timer) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await messages.StartAsync(cancellationToken);
        timer.Start();
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        messages.Stop();
        timer.Dispose();
        return Task.CompletedTask;
    }
}
