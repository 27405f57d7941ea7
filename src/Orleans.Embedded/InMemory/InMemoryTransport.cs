using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.InMemory;

/// <summary>
/// Carries messages between silos that share this process, as envelopes: nothing else of a message crosses.
/// </summary>
internal sealed class InMemoryTransport(InMemoryCluster cluster) : IMessageTransport
{
    private SiloAddress? _local;
    private IMessageReceiver? _receiver;
    private volatile bool _isAborted;

    public Task StartAsync(SiloAddress local, IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        if (!local.IsClient && cluster.FindAt(local.Endpoint) is { } other)
        {
            throw new OrleansConfigurationException(
                $"Silo {other} of the same cluster uses endpoint {local.Endpoint} already. "
                + "Give each silo its own siloPort.");
        }

        _local = local;
        _receiver = receiver;
        cluster.Connect(local, receiver);
        return Task.CompletedTask;
    }

    public void Send(Message message)
    {
        if (_isAborted || !cluster.TryDeliver(message.Envelope()))
        {
            _receiver?.OnUndeliverable(message);
        }
    }

    public Task StopReceivingAsync()
    {
        return _local is null ? Task.CompletedTask : cluster.DisconnectAsync(_local);
    }

    public void Abort()
    {
        _isAborted = true;
        _ = StopReceivingAsync();
    }
}
