using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Filters;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>Strangers, and peers that were let in and do not keep to the protocol, over real sockets.</summary>
public sealed class HostilePeerTests : IAsyncLifetime
{
    private const int Ended = 2501;
    private const int Refused = 2503;
    private readonly LogRecorder _logs = new();
    private InProcessTestCluster? _cluster;

    private InProcessTestCluster Cluster => _cluster!;

    private InProcessSiloHandle Silo => Cluster.Silos[0];

    private MessageFormat Format => Silo.ServiceProvider.GetRequiredService<MessageFormat>();

    private TcpTransport Transport => (TcpTransport)Silo.ServiceProvider.GetRequiredService<IMessageTransport>();

    public async Task InitializeAsync()
    {
        _cluster = await TcpCluster.StartAsync(
            2,
            static options =>
            {
                options.MaxQueuedBytes = 2 * 1024 * 1024;
                options.ConnectTimeout = TimeSpan.FromSeconds(1);
            },
            logs: _logs);
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _logs.Dispose();
    }

    [Fact]
    public async Task Send_ThousandsOfDamagedMessages_AreSkippedOrCloseAsMalformed()
    {
        var (messages, random) = (Messages(), new Random(1));
        var closed = 0;
        for (var i = 0; i < 3_000;)
        {
            await using var peer = await ConnectAsync();
            var isOpen = true;
            for (var last = i + 10; isOpen && i < last; i++)
            {
                await peer.Raw.SendAsync(FrameKind.Message, Damage(messages[i % messages.Length], random));
                isOpen = await peer.IsTakenAsync();
            }

            closed += isOpen ? 0 : 1;
        }

        Assert.InRange(closed, 300, 3_000);
        await NothingIsLeftAsync();
        var reasons = _logs.Lines(Ended)
            .Select(static line => line[(line.IndexOf(" ended. ", StringComparison.Ordinal) + 8)..]);
        var other = reasons.Where(static reason => !reason.StartsWith("Malformed: ", StringComparison.Ordinal)
            && !reason.StartsWith("Lost: The connection was lost.", StringComparison.Ordinal));
        Assert.Empty(other);
        await ServesAsync();
    }

    [Fact]
    public async Task Send_DamagedAndTruncatedStreams_EndAndLeaveNothingBehind()
    {
        var (messages, random) = (Messages(), new Random(2));
        byte[] stream = [.. messages.SelectMany(static message => Framed(FrameKind.Message, message)),
            .. Framed(FrameKind.Ping, []), .. Framed(FrameKind.Drain, []), .. Framed(FrameKind.Drained, [])];
        for (var i = 0; i < 300; i++)
        {
            await using var peer = await ConnectAsync();
            await peer.Raw.SendBytesAsync(Damage(stream[..random.Next(1, stream.Length)], random));
            await peer.Raw.EndAsync();
        }

        await NothingIsLeftAsync();
        await ServesAsync();
    }

    [Theory]
    [InlineData("nobody", "Keep")]
    [InlineData("copy", "Xeep")]
    public async Task Send_UnknownGrainTypeOrMethod_IsAnsweredWithAnErrorAndTheConnectionGoesOn(string type, string method)
    {
        var bytes = Write(Request(MessageKind.Request, GrainId.Create(type, "1")));
        bytes.AsSpan()[bytes.AsSpan().IndexOf("Keep"u8)] = (byte)method[0];
        await using var peer = await ConnectAsync();

        await peer.Raw.SendAsync(FrameKind.Message, bytes);

        var frame = await peer.Raw.ReceiveAsync().Within("the answer");
        var answer = Format.Read(frame!.Value.Payload, new MessageEnds(Silo.SiloAddress, peer.Address));
        Assert.Equal((MessageKind.Response, 77L), (answer.Kind, answer.Id));
        Assert.True(await peer.IsTakenAsync());
    }

    [Fact]
    public async Task Send_FrameTooLarge_IsClosedBeforeItsBytesComeAndLogged()
    {
        await using var peer = await ConnectAsync();
        var header = new byte[Frame.HeaderBytes];
        Frame.WriteHeader(header, FrameKind.Message, WireLimits.MaxBytes + 1);

        await peer.Raw.SendBytesAsync(header);

        Assert.Equal(CloseCode.TooLarge, (await peer.Raw.ReceiveCloseAsync())!.Code);
        await _logs.Until(Ended, $"{peer.Address.ToParsableString()} ended. TooLarge: ");
    }

    [Fact]
    public async Task Send_DrainsWithoutEnd_ClosesAsMisbehaved()
    {
        await using var peer = await ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await peer.Raw.SendAsync(FrameKind.Drain);
        }

        Assert.Equal(CloseCode.Misbehaved, (await peer.Raw.ReceiveCloseAsync())!.Code);
        await _logs.Until(Ended, $"{peer.Address.ToParsableString()} ended. Misbehaved: ");
    }

    [Fact]
    public async Task Close_ReasonWithLineBreaks_IsOneLineOfTheLog()
    {
        await using var peer = await ConnectAsync();
        using var writer = new WireWriter(null);
        new CloseReason(CloseCode.Busy, "so\r\nfail: a line of its own").Write(writer);

        await peer.Raw.SendAsync(FrameKind.Close, writer.Written.ToArray());

        await _logs.Until(Ended, "Busy, says the peer: so  fail: a line of its own");
    }

    [Fact]
    public async Task Connect_AgainAndAgain_ReplacesTheOldest()
    {
        var address = TcpPeer.NewClientAddress();
        var peers = new List<TcpPeer>();
        for (var i = 0; i < 5; i++)
        {
            peers.Add(await TcpPeer.ConnectAsync(Silo.SiloAddress, Cluster.Options.ClusterId, address: address));
            await Signals.Until(() => Transport.PeerCount > 0, "the connection");
        }

        var replaced = await Task.WhenAny(peers.Select(static peer => peer.Raw.ReceiveCloseAsync()));
        Assert.Equal(CloseCode.Replaced, (await replaced)!.Code);
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(2, 9, "VersionMismatch")]
    [InlineData(1, 1, "NotAuthenticated")]
    public async Task Connect_WrongVersionOrNoProof_IsRefusedAndLogged(int min, int max, string code)
    {
        await using var carrier = await TcpPeer.OpenAsync(Silo.SiloAddress.Endpoint);
        var peer = new RawPeer(carrier);
        var self = new PeerIdentity(
            NodeRole.Client, Cluster.Options.ClusterId, TcpPeer.NewClientAddress().ToParsableString());

        await peer.SendAsync(FrameKind.Hello, new Hello(min, max, self, string.Empty, new byte[32]).Write());
        await peer.SendAsync(FrameKind.Proof);

        Assert.Equal(code, (await peer.ReceiveCloseAsync())!.Code.ToString());
        await _logs.Until(Refused, $"{code}: ");
        await ServesAsync();
    }

    [Fact]
    public async Task Connect_WrongSecret_IsRefusedAndLogged()
    {
        var error = await Assert.ThrowsAsync<ConnectionClosedException>(
            () => TcpPeer.ConnectAsync(Silo.SiloAddress, Cluster.Options.ClusterId, "a guess"));

        Assert.Equal((CloseCode.NotAuthenticated, true), (error.Reason.Code, error.Reason.ByPeer));
        await _logs.Until(Refused, "NotAuthenticated: ");
    }

    [Fact]
    public async Task Send_ToAPeerThatReadsNothing_IsBoundedAndTheRestGoesWhereTheDirectorySays()
    {
        await using var peer = await ConnectAsync();
        var padding = new RequestValues(new Dictionary<string, object> { ["padding"] = new string('x', 200_000) });
        var sent = 0;
        for (; sent < 400 && !IsHosted(sent - 1); sent++)
        {
            Transport.Send(Request(MessageKind.OneWay, SlowGrain(sent), peer.Address, padding));
        }

        await Signals.Until(() => IsHosted(sent - 1), "a message that was refused and went elsewhere");
        Assert.False(IsHosted(0), "The first message was sent to the slow peer and executed elsewhere too.");
        await ServesAsync();
    }

    [Fact]
    public async Task Stop_WhileAnotherSiloIsNotReachable_DrainsTheOthersTwice()
    {
        await using var cluster = await TcpCluster.StartAsync(1, initializeClient: false);
        var silo = cluster.Silos[0];
        await using var peer = await TcpPeer.ConnectAsync(silo.SiloAddress, cluster.Options.ClusterId);
        var transport = (TcpTransport)silo.ServiceProvider.GetRequiredService<IMessageTransport>();
        transport.Send(Request(
            MessageKind.OneWay, GrainId.Create("copy", "1"), SiloAddress.New(IPAddress.Loopback, FreePorts.Take(1)[0], 1)));

        var stopping = transport.StopReceivingAsync();

        for (var round = 1; round <= 2; round++)
        {
            var frame = await peer.Raw.ReceiveAsync().Within($"drain {round}");
            Assert.Equal(FrameKind.Drain, frame?.Kind);
            await peer.Raw.SendAsync(FrameKind.Drained);
        }

        await stopping.Within("the end of the drains");
    }

    private static GrainId SlowGrain(int number)
    {
        return GrainId.Create("copy", (1_000_000 + number).ToString("X", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static byte[] Framed(FrameKind kind, byte[] payload)
    {
        var frame = new byte[Frame.HeaderBytes + payload.Length];
        Frame.WriteHeader(frame, kind, payload.Length);
        payload.CopyTo(frame, Frame.HeaderBytes);
        return frame;
    }

    private static byte[] Damage(byte[] bytes, Random random)
    {
        var damaged = bytes[..(random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)];
        for (var flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
        {
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        }

        return damaged;
    }

    private bool IsHosted(int number)
    {
        return number >= 0 && Cluster.Silos.Any(silo => silo.Hosts(SlowGrain(number)));
    }

    private Task<TcpPeer> ConnectAsync()
    {
        return TcpPeer.ConnectAsync(Silo.SiloAddress, Cluster.Options.ClusterId);
    }

    /// <summary>The silo knows nobody but the other silo and its client.</summary>
    private Task NothingIsLeftAsync()
    {
        return Signals.Until(() => Transport.PeerCount <= 2, "the end of all that the peers left");
    }

    /// <summary>The silo answers, to its client and to its peers.</summary>
    private async Task ServesAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            await Cluster.Client.GetGrain<IProbeGrain>($"hostile-{i}").Peek().Within($"call {i}");
        }

        await using var peer = await ConnectAsync();
        Assert.True(await peer.IsTakenAsync());
    }

    /// <summary>One message of each kind, as silos write them.</summary>
    private byte[][] Messages()
    {
        var grain = GrainId.Create("copy", "1");
        return
        [
            Write(Request(MessageKind.Request, grain)),
            Write(Request(MessageKind.OneWay, grain)),
            Write(Plain(MessageKind.Response, new FailedResponse(new InvalidOperationException("no")))),
            Write(Plain(MessageKind.Cancel, null)),
            Write(Plain(MessageKind.Moved, SiloAddress.New(IPAddress.Loopback, 9, 9))),
            Write(Plain(MessageKind.Superseded, null)),
        ];

        Message Plain(MessageKind kind, object? body)
        {
            return new Message
            {
                Id = 77,
                Kind = kind,
                SendingSilo = TcpPeer.NewClientAddress(),
                TargetSilo = Silo.SiloAddress,
                TargetGrain = grain,
                Body = body,
            };
        }
    }

    private byte[] Write(Message message)
    {
        using var writer = Format.Write(message, new MessageEnds(message.SendingSilo, Silo.SiloAddress));
        return writer.Written.ToArray();
    }

    private Message Request(MessageKind kind, GrainId grain, SiloAddress? target = null, RequestValues? context = null)
    {
        return new Message
        {
            Id = 77,
            Kind = kind,
            CanBeCancelled = true,
            SendingSilo = target is null ? TcpPeer.NewClientAddress() : Silo.SiloAddress,
            TargetSilo = target ?? Silo.SiloAddress,
            TargetGrain = grain,
            Context = context,
            Body = NewRequest(),
        };
    }

    private GrainRequest NewRequest()
    {
        return Silo.ServiceProvider.GetRequiredService<GrainManifestIndex>().NewRequest("test.copy-grain"u8, "Keep"u8)!;
    }
}
