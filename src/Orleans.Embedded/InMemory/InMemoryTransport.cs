using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded.InMemory;

/// <summary>
/// Carries messages between silos that share this process, as the bytes that a wire would carry.
/// </summary>
internal sealed class InMemoryTransport(InMemoryCluster cluster, MessageFormat format) : IMessageTransport
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
        cluster.Connect(local, receiver, format);
        return Task.CompletedTask;
    }

    public void Send(Message message)
    {
        var ends = new MessageEnds(_local!, message.TargetSilo!);
        using var writer = format.Write(message, ends);
        if (_isAborted || !cluster.TryDeliver(writer.Written, ends))
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
