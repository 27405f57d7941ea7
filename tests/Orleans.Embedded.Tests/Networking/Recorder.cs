using System.Threading.Channels;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Serialization;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>Keeps what a connection brings.</summary>
internal sealed class Recorder : IConnectionHandler
{
    private readonly Channel<byte[]> _messages = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource<(CloseReason Reason, IReadOnlyList<Message> Unsent)> _closed =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count => _messages.Reader.Count;

    public bool IsDraining { get; private set; }

    /// <summary>Whether no message makes sense to it.</summary>
    public bool IsPicky { get; set; }

    public Task<(CloseReason Reason, IReadOnlyList<Message> Unsent)> Closed => _closed.Task;

    public Task<byte[]> NextAsync()
    {
        return _messages.Reader.ReadAsync().AsTask().Within("the next message");
    }

    public void OnMessage(Connection connection, ReadOnlySpan<byte> message)
    {
        if (IsPicky)
        {
            throw new SerializerException("This makes no sense.");
        }

        _messages.Writer.TryWrite(message.ToArray());
    }

    public void OnDraining(Connection connection)
    {
        IsDraining = true;
    }

    public void OnClosed(Connection connection, CloseReason reason, IReadOnlyList<Message> unsent)
    {
        _closed.SetResult((reason, unsent));
    }
}
