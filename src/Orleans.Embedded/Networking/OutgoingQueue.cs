using System.Buffers;
using Orleans.Embedded.Messaging;

namespace Orleans.Embedded.Networking;

/// <summary>
/// The frames that wait to be written, one after the other in one buffer, so that many are written at once. Any thread
/// adds; one at a time takes all there is. Beside the bytes stand the messages, to be given back if they are not sent.
/// </summary>
internal sealed class OutgoingQueue(int maxBytes)
{
    private const int InitialBytes = 4 * 1024;
    private const int MaxKeptBytes = 256 * 1024;
    private readonly Lock _lock = new();
    private byte[] _waiting = [];
    private byte[] _writing = [];
    private int _length;
    private List<Message> _messages = [];
    private bool _hasWriter;
    private bool _takesMessages = true;
    private bool _isClosed;

    /// <summary>Adds a message. False when there is no room for it, or none is taken any more.</summary>
    /// <param name="payload">Its bytes.</param>
    /// <param name="message">What is given back if it is not sent; may be null.</param>
    /// <param name="needsWriter">Whether nobody takes yet, and the caller is to see to it that somebody does.</param>
    public bool TryAddMessage(ReadOnlySpan<byte> payload, Message? message, out bool needsWriter)
    {
        lock (_lock)
        {
            needsWriter = false;
            if (!_takesMessages || (_length > 0 && payload.Length > maxBytes - _length))
            {
                return false;
            }

            Append(FrameKind.Message, payload);
            if (message is not null)
            {
                _messages.Add(message);
            }

            needsWriter = TakeWriterRole();
            return true;
        }
    }

    /// <summary>Adds a frame of the connection itself. True when the caller is to see to it that somebody takes it.</summary>
    public bool Add(FrameKind kind)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            Append(kind, []);
            return TakeWriterRole();
        }
    }

    /// <summary>Takes no more messages, and adds a frame behind those that wait.</summary>
    /// <inheritdoc cref="Add" />
    public bool EndMessages(FrameKind kind)
    {
        lock (_lock)
        {
            _takesMessages = false;
            return Add(kind);
        }
    }

    /// <summary>Replaces what waits by a last frame and gives the messages back.</summary>
    /// <param name="lastPayload">The payload of a close frame, or null for none.</param>
    /// <param name="needsWriter">Whether the caller is to see to it that somebody takes it.</param>
    public List<Message> Close(byte[]? lastPayload, out bool needsWriter)
    {
        lock (_lock)
        {
            var unsent = _messages;
            _messages = [];
            _length = 0;
            _takesMessages = false;
            _isClosed = true;
            if (lastPayload is not null)
            {
                Append(FrameKind.Close, lastPayload);
            }

            needsWriter = TakeWriterRole();
            return unsent;
        }
    }

    /// <summary>
    /// Takes all that waits. False when there is nothing: then the caller is the writer no more, unless the queue is
    /// closed. The bytes are there until the next call.
    /// </summary>
    public bool TryTake(out ReadOnlyMemory<byte> bytes, out bool isClosed)
    {
        lock (_lock)
        {
            isClosed = _isClosed;
            if (_length == 0)
            {
                _hasWriter = _isClosed;
                bytes = default;
                return false;
            }

            bytes = _waiting.AsMemory(0, _length);
            (_waiting, _writing) = (_writing, _waiting);
            _length = 0;
            _messages.Clear();
            if (_waiting.Length > MaxKeptBytes)
            {
                ArrayPool<byte>.Shared.Return(_waiting);
                _waiting = [];
            }

            return true;
        }
    }

    private bool TakeWriterRole()
    {
        var isFirst = !_hasWriter;
        _hasWriter = true;
        return isFirst;
    }

    private void Append(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        var needed = _length + Frame.HeaderBytes + payload.Length;
        if (needed > _waiting.Length)
        {
            Grow(needed);
        }

        Frame.WriteHeader(_waiting.AsSpan(_length), kind, payload.Length);
        payload.CopyTo(_waiting.AsSpan(_length + Frame.HeaderBytes));
        _length = needed;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(InitialBytes, _length * 2)));
        _waiting.AsSpan(0, _length).CopyTo(larger);
        if (_waiting.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_waiting);
        }

        _waiting = larger;
    }
}
