using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Hosting;

/// <summary>Connects a client when its host starts.</summary>
internal sealed class ClientHostedService(IServiceProvider services) : IHostedService
{
    private MessageCenter? _messages;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var membership = services.GetService<IClusterMembership>() ?? throw new OrleansConfigurationException(
            "The client has no cluster to call. Call UseAdoNetClustering in UseOrleansClient.");
        await membership.StartAsync(cancellationToken);
        _messages = services.GetRequiredService<MessageCenter>();
        await _messages.StartAsync(cancellationToken);
        services.GetRequiredService<CallTimer>().Start();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _messages, null) is { } messages)
        {
            messages.Stop();
            services.GetRequiredService<CallTimer>().Dispose();
            await services.GetRequiredService<IClusterMembership>().AbandonAsync();
        }
    }
}
