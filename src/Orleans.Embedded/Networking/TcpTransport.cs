using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded.Networking;

/// <summary>
/// Carries messages between the silos and clients of a cluster over TCP. A silo listens at its endpoint and calls other
/// silos when it has something for them; a client calls all active silos and listens nowhere, and what is for it goes
/// over the connections that it opened.
/// </summary>
internal sealed partial class TcpTransport : IMessageTransport, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<SiloAddress, Peer> _peers = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly LocalNode _node;
    private readonly IClusterMembership _membership;
    private readonly MessageFormat _format;
    private readonly TransportOptions _options;
    private readonly EndpointOptions _endpoint;
    private readonly Connector _connector;
    private readonly ConnectionLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private IMessageReceiver? _receiver;
    private SiloListener? _listener;
    private IDisposable? _membershipWatch;
    private volatile bool _isDraining;

    public TcpTransport(
        LocalNode node,
        IClusterMembership membership,
        MessageFormat format,
        IOptions<TransportOptions> options,
        IOptions<EndpointOptions> endpoint,
        TimeProvider clock,
        ILogger<TcpTransport> logger)
    {
        _node = node;
        _membership = membership;
        _format = format;
        _options = options.Value;
        _endpoint = endpoint.Value;
        _limits = new ConnectionLimits { MaxQueuedBytes = _options.MaxQueuedBytes };
        _connector = new Connector(
            new NodePolicy(node, membership, new ClusterSecret(_options.ClusterSecret ?? string.Empty)),
            _options,
            _limits.HandshakeTimeout,
            clock,
            Carrier.NewFactory(logger));
        _clock = clock;
        _logger = logger;
    }

    public int MaxQueuedBytes => _limits.MaxQueuedBytes;

    /// <summary>How many other nodes something leads to, or something waits for.</summary>
    public int PeerCount => _peers.Count;

    public Task StartAsync(SiloAddress local, IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        _receiver = receiver;
        if (!local.IsClient)
        {
            var endpoint = _endpoint.SiloListeningEndpoint ?? local.Endpoint;
            _options.CheckListening(endpoint);
            _listener = new SiloListener(AcceptAsync, _clock, _logger);
            _listener.Start(endpoint);
        }

        _membershipWatch = _membership.Watch(OnMembershipChanged);
        OnMembershipChanged(MembershipView.Empty, _membership.Current);
        return Task.CompletedTask;
    }

    public void Send(Message message)
    {
        var target = message.TargetSilo!;
        using var writer = _format.Write(message, new MessageEnds(_node.Address, target));
        if (_stopping.IsCancellationRequested || IsDead(target) || !TrySend(target, writer.Written, message))
        {
            GiveBack(message);
        }
    }

    public async Task StopReceivingAsync()
    {
        _listener?.Dispose();
        _isDraining = true;
        var areDrained = await TryDrainAsync();

        // What came for grains that have ended was passed on: that is to arrive, and the news of it, before the others
        // learn that this silo is gone. One peer that does not answer, or is not reachable, takes this from no other.
        if (!await TryDrainAsync() || !areDrained)
        {
            LogDrainCutShort(_node.Address);
        }
    }

    public void Abort()
    {
        _stopping.Cancel();
        _membershipWatch?.Dispose();
        _listener?.Dispose();
        foreach (var peer in _peers.Values)
        {
            peer.End();
            foreach (var connection in peer.Connections())
            {
                connection.Abort(CloseReason.Stopping);
            }
        }
    }

    public void Dispose()
    {
        Abort();
        _stopping.Dispose();
    }

    /// <summary>Returns a message of which certainly no byte was sent.</summary>
    public void GiveBack(Message message)
    {
        _receiver?.OnUndeliverable(message);
    }

    public void Deliver(Peer peer, ReadOnlySpan<byte> bytes)
    {
        _receiver!.OnMessage(_format.Read(bytes, new MessageEnds(peer.Address, _node.Address)));
    }

    /// <summary>
    /// A client keeps a connection to each silo, so that all of them can answer it. A node that is no member, such as a
    /// client that left, is forgotten.
    /// </summary>
    public void OnDisconnected(Peer peer)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        if (_membership.Current.IsDead(peer.Address))
        {
            if (peer.TryRetire())
            {
                _peers.TryRemove(KeyValuePair.Create(peer.Address, peer));
            }
        }
        else if (_node.Address.IsClient)
        {
            peer.Connect();
        }
    }

    /// <summary>
    /// Calls a silo until it answers, or is not wanted any more, or the time is over. A client is waited for: it calls.
    /// </summary>
    public async Task<bool> TryConnectAsync(Peer peer, Func<bool> isWanted)
    {
        var start = _clock.GetTimestamp();
        var pause = FirstPause;
        var jitter = new Random(HashCode.Combine(_node.Address.GetConsistentHashCode(), peer.Address.GetConsistentHashCode()));
        while (isWanted() && !_stopping.IsCancellationRequested && !IsDead(peer.Address)
            && _clock.GetElapsedTime(start) < _options.ConnectTimeout)
        {
            try
            {
                if (!peer.Address.IsClient && await TryCallAsync(peer))
                {
                    return true;
                }

                await Task.Delay(pause * (0.5 + jitter.NextDouble()), _clock, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        return !isWanted();
    }

    private async Task<bool> TryDrainAsync()
    {
        try
        {
            await Task.WhenAll(_peers.Values.Select(static peer => peer.DrainAsync())).WaitAsync(DrainTimeout, _clock);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private bool TrySend(SiloAddress target, ReadOnlySpan<byte> bytes, Message message)
    {
        while (true)
        {
            var peer = PeerAt(target);
            if (peer.TrySend(bytes, message))
            {
                return true;
            }

            if (!peer.IsRetired)
            {
                return false;
            }
        }
    }

    private Peer PeerAt(SiloAddress address)
    {
        while (true)
        {
            var peer = _peers.TryGetValue(address, out var known)
                ? known
                : _peers.GetOrAdd(address, static (address, transport) => new Peer(address, transport), this);
            if (!peer.IsRetired)
            {
                return peer;
            }

            _peers.TryRemove(KeyValuePair.Create(address, peer));
        }
    }

    private bool IsDead(SiloAddress silo)
    {
        return !silo.IsClient && _membership.Current.StatusOf(silo) == SiloStatus.Dead;
    }

    private async Task<bool> TryCallAsync(Peer peer)
    {
        try
        {
            var (carrier, identity) = await _connector.CallAsync(peer.Address, _stopping.Token);
            if (TryRun(carrier, identity, peer))
            {
                return true;
            }

            await carrier.DisposeAsync();
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            LogCallFailed(peer.Address, error is ConnectionClosedException closed ? closed.Reason.ToString() : error.Message);
        }

        return false;
    }

    private async Task AcceptAsync(Socket socket)
    {
        var remote = socket.RemoteEndPoint;
        try
        {
            var (carrier, identity) = await _connector.AcceptAsync(socket, _stopping.Token);
            var address = SiloAddress.FromParsableString(identity.Name);
            while (!TryRun(carrier, identity, PeerAt(address)))
            {
            }
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            LogRefused(remote, error is ConnectionClosedException closed ? closed.Reason.ToString() : error.Message);
        }
    }

    /// <summary>Gives a connection to a peer; false when the peer was let go meanwhile.</summary>
    private bool TryRun(Carrier carrier, PeerIdentity identity, Peer peer)
    {
        var connection = new Connection(carrier, identity, peer, _limits, _clock, _logger);
        if (!peer.TryAttach(connection))
        {
            return false;
        }

        _ = RunAsync();
        return true;

        async Task RunAsync()
        {
            await using (carrier)
            {
                if (_isDraining)
                {
                    _ = connection.DrainAsync();
                }

                if (_stopping.IsCancellationRequested)
                {
                    connection.Abort(CloseReason.Stopping);
                }

                await connection.RunAsync();
            }
        }
    }

    private void OnMembershipChanged(MembershipView previous, MembershipView current)
    {
        foreach (var silo in current.NewlyDead(previous))
        {
            if (_peers.TryRemove(silo, out var peer))
            {
                peer.End();
                foreach (var connection in peer.Connections())
                {
                    connection.Close(CloseReason.Lost with { Text = "The silo was declared dead." });
                }
            }
        }

        if (_node.Address.IsClient)
        {
            foreach (var silo in current.Active)
            {
                PeerAt(silo).Connect();
            }
        }
    }

    [LoggerMessage(2502, LogLevel.Information, "Silo {Silo} could not be connected to: {Reason}")]
    private partial void LogCallFailed(SiloAddress silo, string reason);

    [LoggerMessage(2503, LogLevel.Warning, "A connection from {Remote} was refused. {Reason}")]
    private partial void LogRefused(System.Net.EndPoint? remote, string reason);

    [LoggerMessage(2504, LogLevel.Warning,
        "Some peers of {Node} did not confirm in time that they send no more; what they still send is lost.")]
    private partial void LogDrainCutShort(SiloAddress node);
}
