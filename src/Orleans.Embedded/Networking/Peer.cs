using Orleans.Embedded.Messaging;
using Orleans.Runtime;

namespace Orleans.Embedded.Networking;

/// <summary>
/// Another node of the cluster, as this one reaches it: over the newest connection that is open. Without one, messages
/// wait, within bounds of bytes and time, until there is one.
/// </summary>
internal sealed class Peer(SiloAddress address, TcpTransport transport) : IConnectionHandler
{
    /// <summary>Two are usual, when both ends call at once; what is beyond that is a fault of the other side.</summary>
    private const int MaxConnections = 4;

    private readonly Lock _lock = new();
    private readonly List<Connection> _connections = [];
    private List<(byte[] Bytes, Message Message)> _waiting = [];
    private int _waitingBytes;
    private Task? _dialling;
    private bool _takesMessages = true;
    private volatile bool _isRetired;
    private Connection? _current;

    public SiloAddress Address => address;

    /// <summary>Whether it was let go: another object stands for the node from here on.</summary>
    public bool IsRetired => _isRetired;

    /// <summary>Sends, or keeps until there is a connection. False when it is certain that it is not sent.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes, Message message)
    {
        return Volatile.Read(ref _current)?.TrySend(bytes, message) ?? TryKeep(bytes, message);
    }

    /// <summary>Sees to it that there is a connection, or that one is being opened.</summary>
    public void Connect()
    {
        lock (_lock)
        {
            if (_takesMessages && _current is null && _dialling is null)
            {
                _dialling = Task.Run(DialAsync);
            }
        }
    }

    /// <summary>Lets go of a node that nothing leads to and for which nothing waits. False when it is in use.</summary>
    public bool TryRetire()
    {
        lock (_lock)
        {
            if (_connections.Count > 0 || _waiting.Count > 0 || _dialling is not null)
            {
                return false;
            }

            _takesMessages = false;
            _isRetired = true;
            return true;
        }
    }

    /// <summary>Sends over a connection from here on, and what waits first. False when the peer was let go.</summary>
    public bool TryAttach(Connection connection)
    {
        List<(byte[] Bytes, Message Message)> waiting;
        Connection? oldest;
        lock (_lock)
        {
            if (_isRetired)
            {
                return false;
            }

            oldest = _connections.Count == MaxConnections ? _connections[0] : null;
            _connections.Add(connection);
            Volatile.Write(ref _current, connection);
            waiting = TakeWaiting();
        }

        oldest?.Close(new CloseReason(CloseCode.Replaced, $"More than {MaxConnections} connections are open."));
        foreach (var (bytes, message) in waiting)
        {
            if (!connection.TrySend(bytes, message))
            {
                transport.GiveBack(message);
            }
        }

        if (connection.Reason is not null)
        {
            // It ended before it was attached.
            Detach(connection);
        }

        return true;
    }

    /// <summary>Takes no more messages, and gives back those that wait. The peer is gone, or about to go.</summary>
    public void End()
    {
        List<(byte[] Bytes, Message Message)> waiting;
        lock (_lock)
        {
            _takesMessages = false;
            waiting = TakeWaiting();
        }

        GiveBack(waiting);
    }

    /// <summary>The connections that are open.</summary>
    public Connection[] Connections()
    {
        lock (_lock)
        {
            return [.. _connections];
        }
    }

    /// <summary>
    /// Asks the peer to send no more; completes when what both sides sent before has been handed over, or given back.
    /// </summary>
    public async Task DrainAsync()
    {
        await (Volatile.Read(ref _dialling) ?? Task.CompletedTask);
        await Task.WhenAll(Connections().Select(static connection => connection.DrainAsync()));
    }

    public void OnMessage(Connection connection, ReadOnlySpan<byte> message)
    {
        transport.Deliver(this, message);
    }

    public void OnDraining(Connection connection)
    {
        End();
    }

    public void OnClosed(Connection connection, CloseReason reason, IReadOnlyList<Message> unsent)
    {
        Detach(connection);
        foreach (var message in unsent)
        {
            transport.GiveBack(message);
        }

        transport.OnDisconnected(this);
    }

    private bool TryKeep(ReadOnlySpan<byte> bytes, Message message)
    {
        Connection current;
        lock (_lock)
        {
            if (_current is null)
            {
                if (!_takesMessages || (_waitingBytes > 0 && bytes.Length > transport.MaxQueuedBytes - _waitingBytes))
                {
                    return false;
                }

                _waiting.Add((bytes.ToArray(), message));
                _waitingBytes += bytes.Length;
                _dialling ??= Task.Run(DialAsync);
                return true;
            }

            current = _current;
        }

        return current.TrySend(bytes, message);
    }

    /// <summary>Tries to connect until it succeeds or what waits has waited long enough.</summary>
    private async Task DialAsync()
    {
        var connected = false;
        try
        {
            connected = await transport.TryConnectAsync(this, IsWanted);
        }
        finally
        {
            List<(byte[] Bytes, Message Message)> waiting;
            lock (_lock)
            {
                // If the connection has ended again, what has come since then waits for another one.
                var isNeeded = connected && _takesMessages && _current is null && _waiting.Count > 0;
                _dialling = isNeeded ? Task.Run(DialAsync) : null;
                waiting = connected ? [] : TakeWaiting();
            }

            GiveBack(waiting);
            transport.OnDisconnected(this);
        }
    }

    private bool IsWanted()
    {
        lock (_lock)
        {
            return _takesMessages && _current is null;
        }
    }

    private void Detach(Connection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
            if (ReferenceEquals(_current, connection))
            {
                Volatile.Write(ref _current, _connections.Count > 0 ? _connections[^1] : null);
            }
        }
    }

    private List<(byte[] Bytes, Message Message)> TakeWaiting()
    {
        var waiting = _waiting;
        _waiting = [];
        _waitingBytes = 0;
        return waiting;
    }

    private void GiveBack(List<(byte[] Bytes, Message Message)> messages)
    {
        foreach (var (_, message) in messages)
        {
            transport.GiveBack(message);
        }
    }
}
