using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>
/// Messages both ways over any duplex pipe, after the handshake. One loop reads; what is to be sent waits in a queue, and
/// whoever finds the queue without a writer makes the thread pool write all of it. Sending never waits: a full queue
/// refuses, so a peer that reads slowly holds up nobody else.
/// </summary>
internal sealed partial class Connection : IThreadPoolWorkItem
{
    /// <summary>The writer gives the carrier so much at a time, so that it can be seen whether the peer reads.</summary>
    private const int MaxWriteBytes = 64 * 1024;

    /// <summary>Each is answered, so a peer that reads nothing could fill the queue with answers.</summary>
    private const int MaxDrains = 16;

    private readonly IDuplexPipe _pipe;
    private readonly IConnectionHandler _handler;
    private readonly ConnectionLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly OutgoingQueue _queue;
    private readonly ConcurrentQueue<TaskCompletionSource> _drains = new();
    private readonly TaskCompletionSource<Exception?> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CloseReason? _reason;
    private volatile bool _hasReceived;
    private volatile bool _hasSent;
    private volatile bool _isFlushing;
    private int _drainsAnswered;
    private int _silentIntervals;
    private int _stalledIntervals;

    public Connection(
        IDuplexPipe pipe,
        PeerIdentity peer,
        IConnectionHandler handler,
        ConnectionLimits limits,
        TimeProvider clock,
        ILogger logger)
    {
        Peer = peer;
        _pipe = pipe;
        _handler = handler;
        _limits = limits;
        _clock = clock;
        _logger = logger;
        _queue = new OutgoingQueue(limits.MaxQueuedBytes);
    }

    /// <summary>Who is at the other end, as the handshake proved.</summary>
    public PeerIdentity Peer { get; }

    /// <summary>Why the connection ended; null while it is open.</summary>
    public CloseReason? Reason => Volatile.Read(ref _reason);

    /// <summary>Whether a byte came since the last heartbeat.</summary>
    public bool HasReceived => _hasReceived;

    /// <summary>Reads until the connection ends; completes when nothing more is read or written.</summary>
    public async Task<CloseReason> RunAsync()
    {
        using (_clock.CreateTimer(
            static self => ((Connection)self!).OnHeartbeat(),
            this,
            _limits.HeartbeatInterval,
            _limits.HeartbeatInterval))
        {
            End(await ReadAsync(), tellPeer: true);
            var error = await _written.Task;
            await _pipe.Input.CompleteAsync();

            // With an error nothing is flushed: the peer does not read, or is gone.
            await _pipe.Output.CompleteAsync(error);
        }

        LogEnded(Peer, Reason!);
        return Reason!;
    }

    /// <summary>
    /// Sends a message and returns at once. False when it is certain that it is not sent: the queue is full, the peer
    /// wants no more, or the connection has ended.
    /// </summary>
    /// <param name="bytes">The message's bytes.</param>
    /// <param name="message">What the handler gets back if the connection ends before the message is sent.</param>
    /// <exception cref="SerializerException">The message is larger than the connection allows.</exception>
    public bool TrySend(ReadOnlySpan<byte> bytes, Message? message)
    {
        if (bytes.Length > _limits.MaxMessageBytes)
        {
            throw new SerializerException(
                $"A message of {bytes.Length} bytes is too large: this connection takes {_limits.MaxMessageBytes}. "
                + "Send it in parts, or as a stream.");
        }

        _hasSent = true;
        var isTaken = _queue.TryAddMessage(bytes, message, out var needsWriter);
        StartWriterIf(needsWriter);
        return isTaken;
    }

    /// <summary>
    /// Asks the peer to send no more messages; completes when all it sent have been handed over here, and all that was
    /// sent before has been handed over there, or the connection ended. Sending still works.
    /// </summary>
    public Task DrainAsync()
    {
        var drain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _drains.Enqueue(drain);
        StartWriterIf(_queue.Add(FrameKind.Drain));
        if (Reason is not null)
        {
            CompleteDrains();
        }

        return drain.Task;
    }

    /// <summary>Ends the connection, and tells the peer why if it still reads.</summary>
    public void Close(CloseReason reason)
    {
        End(reason, tellPeer: true);
        _pipe.Input.CancelPendingRead();
    }

    /// <summary>Ends the connection at once and without a word.</summary>
    public void Abort(CloseReason reason)
    {
        End(reason, tellPeer: false);
        _pipe.Input.CancelPendingRead();
        CancelFlush();
    }

    public override string ToString()
    {
        return $"connection with {Peer}";
    }

    void IThreadPoolWorkItem.Execute()
    {
        _ = WriteAsync();
    }

    private void StartWriterIf(bool isNeeded)
    {
        if (isNeeded)
        {
            // Behind the turns that this thread has queued for itself: what they send goes out in the same write.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task<CloseReason> ReadAsync()
    {
        try
        {
            while (Reason is null)
            {
                var result = await _pipe.Input.ReadAsync();
                var buffer = result.Buffer;
                _hasReceived |= !buffer.IsEmpty;
                while (Reason is null && Frame.TryRead(ref buffer, _limits.MaxMessageBytes, out var frame))
                {
                    if (frame.Kind == FrameKind.Close)
                    {
                        return CloseReason.Read(frame.Payload.ToArray());
                    }

                    Handle(frame);
                }

                var (isEmpty, isCompleted) = (buffer.IsEmpty, result.IsCompleted);
                _pipe.Input.AdvanceTo(buffer.Start, buffer.End);
                if (isCompleted)
                {
                    return isEmpty ? CloseReason.Lost : CloseReason.Lost with { Text = "It ended within a frame." };
                }
            }

            return Reason;
        }
        catch (ConnectionClosedException error)
        {
            return error.Reason;
        }
        catch (SerializerException error)
        {
            return new CloseReason(CloseCode.Malformed, error.Message);
        }
        catch (Exception error)
        {
            return CloseReason.Lost with { Text = error.Message };
        }
    }

    private void Handle(in Frame frame)
    {
        switch (frame.Kind)
        {
            case FrameKind.Message when frame.Payload.IsSingleSegment:
                _handler.OnMessage(this, frame.Payload.FirstSpan);
                break;
            case FrameKind.Message:
                HandOverCopy(frame.Payload);
                break;
            case FrameKind.Ping:
                break;
            case FrameKind.Drain when ++_drainsAnswered > MaxDrains:
                throw new ConnectionClosedException(new CloseReason(
                    CloseCode.Misbehaved, $"More than {MaxDrains} drains came: a node that stops sends two."));
            case FrameKind.Drain:
                StartWriterIf(_queue.EndMessages(FrameKind.Drained));
                _handler.OnDraining(this);
                break;
            case FrameKind.Drained:
                if (_drains.TryDequeue(out var drain))
                {
                    drain.TrySetResult();
                }

                break;
            default:
                throw new ConnectionClosedException(new CloseReason(
                    CloseCode.Malformed, $"A frame of kind {frame.Kind} came, which has no place here."));
        }
    }

    /// <summary>A message whose bytes lie in several pieces is put together first.</summary>
    private void HandOverCopy(ReadOnlySequence<byte> payload)
    {
        var length = (int)payload.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            payload.CopyTo(bytes);
            _handler.OnMessage(this, bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Writes all that waits, and goes on with what has come meanwhile, until there is nothing.</summary>
    private async Task WriteAsync()
    {
        try
        {
            bool isClosed;
            while (_queue.TryTake(out var bytes, out isClosed))
            {
                await WriteAsync(bytes);
            }

            if (isClosed)
            {
                _written.TrySetResult(null);
            }
        }
        catch (Exception error)
        {
            Close(CloseReason.Lost with { Text = error.Message });
            _written.TrySetResult(error);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        for (var rest = bytes; rest.Length > 0;)
        {
            var count = Math.Min(rest.Length, MaxWriteBytes);
            _pipe.Output.Write(rest.Span[..count]);
            rest = rest[count..];
            var flush = _pipe.Output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                Volatile.Write(ref _stalledIntervals, 0);
                _isFlushing = true;
            }

            var result = await flush;
            _isFlushing = false;
            if (result.IsCompleted || result.IsCanceled)
            {
                throw new ConnectionClosedException(CloseReason.Lost);
            }
        }
    }

    private void End(CloseReason reason, bool tellPeer)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null)
        {
            return;
        }

        byte[]? lastPayload = null;
        if (tellPeer && !reason.ByPeer && reason.Code != CloseCode.Lost)
        {
            using var writer = new WireWriter(null);
            reason.Write(writer);
            lastPayload = writer.Written.ToArray();
        }

        var unsent = _queue.Close(lastPayload, out var needsWriter);
        StartWriterIf(needsWriter);
        CompleteDrains();
        _handler.OnClosed(this, reason, unsent);
    }

    private void CompleteDrains()
    {
        while (_drains.TryDequeue(out var drain))
        {
            drain.TrySetResult();
        }
    }

    private void CancelFlush()
    {
        try
        {
            _pipe.Output.CancelPendingFlush();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended at this moment. The writer of a stream, such as of TLS, does not ignore that.
        }
    }

    private void OnHeartbeat()
    {
        if (Reason is not null)
        {
            // The last frame had its time.
            CancelFlush();
            return;
        }

        _silentIntervals = _hasReceived ? 0 : _silentIntervals + 1;
        _hasReceived = false;
        if (_silentIntervals > _limits.MaxSilentIntervals)
        {
            Close(new CloseReason(
                CloseCode.Silent, $"No byte came for {_limits.HeartbeatInterval * _silentIntervals}."));
        }
        else if (_isFlushing && Interlocked.Increment(ref _stalledIntervals) > _limits.MaxSilentIntervals)
        {
            Close(new CloseReason(
                CloseCode.NotReading, $"No byte was read for {_limits.HeartbeatInterval * _limits.MaxSilentIntervals}."));
        }
        else if (!_hasSent)
        {
            StartWriterIf(_queue.Add(FrameKind.Ping));
        }

        _hasSent = false;
    }

    [LoggerMessage(2501, LogLevel.Information, "The connection with {Peer} ended. {Reason}")]
    private partial void LogEnded(PeerIdentity peer, CloseReason reason);
}
