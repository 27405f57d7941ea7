using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.InMemory;

/// <summary>
/// A silo or client as the others of its cluster reach it. Deliveries that began are counted until they end.
/// </summary>
internal sealed class InMemoryNode(IMessageReceiver receiver, MessageFormat format)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The number of deliveries that run, plus one until the node is closed.
    private int _open = 1;
    private int _isClosed;

    /// <summary>Hands over a message. False when the node is closed.</summary>
    public bool TryDeliver(ReadOnlySpan<byte> message, MessageEnds ends)
    {
        if (!TryEnter())
        {
            return false;
        }

        try
        {
            receiver.OnMessage(format.Read(message, ends));
        }
        finally
        {
            Leave();
        }

        return true;
    }

    /// <summary>Takes nothing more; completes when the deliveries that run have ended.</summary>
    public Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Leave();
        }

        return _drained.Task;
    }

    private bool TryEnter()
    {
        var open = Volatile.Read(ref _open);
        while (open > 0 && Volatile.Read(ref _isClosed) == 0)
        {
            var before = Interlocked.CompareExchange(ref _open, open + 1, open);
            if (before == open)
            {
                return true;
            }

            open = before;
        }

        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _drained.TrySetResult();
        }
    }
}
