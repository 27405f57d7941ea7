using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.InMemory;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>A silo that lets each caller in and ends the connection in the same breath, the first time it is called.</summary>
public sealed class ShortLivedConnectionTests : IMessageReceiver, IDisposable
{
    private const int Rounds = 50;
    private static readonly LocalNode Node = LocalNode.ForClient("test", "cluster");
    private readonly ConcurrentDictionary<long, bool> _arrived = new();
    private readonly ConcurrentDictionary<string, bool> _called = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly MessageFormat _format;
    private readonly TcpTransport _transport;
    private volatile bool _isOver;

    public ShortLivedConnectionTests()
    {
        var manifest = GrainAssemblies.Load();
        _format = new MessageFormat(new Serializer(manifest, new ServiceCollection().BuildServiceProvider()), manifest);
        _transport = new TcpTransport(
            Node,
            new InMemoryMembership(new InMemoryCluster(), Node, TimeProvider.System),
            _format,
            Options.Create(new TransportOptions { ClusterSecret = TcpCluster.Secret }),
            Options.Create(new EndpointOptions()),
            TimeProvider.System,
            NullLogger<TcpTransport>.Instance);
        _listener.Start();
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        _isOver = true;
        _transport.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task Send_ConnectionThatEndsAsItBegins_AnotherOneIsOpenedForWhatWaits()
    {
        await _transport.StartAsync(Node.Address, this, default);
        for (var round = 1; round <= Rounds; round++)
        {
            var id = round;
            _transport.Send(new Message
            {
                Kind = MessageKind.Cancel,
                Id = id,
                SendingSilo = Node.Address,
                TargetSilo = SiloAddress.New((IPEndPoint)_listener.LocalEndpoint, id),
                TargetGrain = GrainId.Create("test", "1"),
            });

            await Signals.Until(() => _arrived.ContainsKey(id), $"message {id}");
        }
    }

    void IMessageReceiver.OnMessage(Message message)
    {
    }

    void IMessageReceiver.OnUndeliverable(Message message)
    {
        if (!_isOver)
        {
            _transport.Send(message);
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var carrier = Carrier.Plain(socket, Carrier.NewFactory(NullLogger.Instance));
        var peer = new RawPeer(carrier);
        var call = (await peer.ReceiveAsync())!.Value.Payload;
        var self = Hello.Read(call).Target;
        var challenge = new Challenge(1, new PeerIdentity(NodeRole.Silo, Node.ClusterId, self), new byte[32]).Write();
        await peer.SendAsync(FrameKind.Challenge, challenge);
        await peer.ReceiveAsync();
        byte[] transcript = [.. SHA256.HashData(call), .. SHA256.HashData(challenge)];
        byte[] welcome = Framed(
            FrameKind.Welcome, new ClusterSecret(TcpCluster.Secret).Prove(HandshakeSide.Listener, transcript));
        using var reason = new WireWriter(null);
        CloseReason.Stopping.Write(reason);
        await peer.SendBytesAsync(_called.TryAdd(self, true)
            ? [.. welcome, .. Framed(FrameKind.Close, reason.Written.ToArray())]
            : welcome);
        while (await peer.ReceiveAsync() is { } frame)
        {
            if (frame.Kind == FrameKind.Message)
            {
                var ends = new MessageEnds(Node.Address, SiloAddress.FromParsableString(self));
                _arrived[_format.Read(frame.Payload, ends).Id] = true;
            }
        }
    }

    private static byte[] Framed(FrameKind kind, byte[] payload)
    {
        var frame = new byte[Frame.HeaderBytes + payload.Length];
        Frame.WriteHeader(frame, kind, payload.Length);
        payload.CopyTo(frame, Frame.HeaderBytes);
        return frame;
    }
}
