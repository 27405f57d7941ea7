using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Serialization;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>One real end of a connection; the other is played by the test, or is real too.</summary>
public sealed class ConnectionTests
{
    private static readonly ConnectionLimits Limits = new()
    {
        MaxMessageBytes = 200_000,
        MaxQueuedBytes = 20_000,
        HeartbeatInterval = TimeSpan.FromSeconds(1),
        MaxSilentIntervals = 3,
    };

    private readonly ManualClock _clock = new();
    private readonly Recorder _recorder = new();

    [Fact]
    public async Task Send_Messages_ArriveInOrderAndWhole()
    {
        var pair = new PipePair(capacity: 4096);
        var (sender, receiver) = (Open(pair.Caller, new Recorder()), Open(pair.Listener, _recorder));
        for (var i = 0; i < 200; i++)
        {
            await Signals.Until(() => sender.TrySend(Filled(i, i * 200), null), $"room for message {i}");
        }

        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(Filled(i, i * 200), await _recorder.NextAsync());
        }

        Assert.Null(receiver.Reason);
    }

    [Fact]
    public async Task Send_MessageLargerThanAllowed_IsRefusedAndTheConnectionGoesOn()
    {
        var pair = new PipePair();
        var (sender, _) = (Open(pair.Caller, new Recorder()), Open(pair.Listener, _recorder));

        Assert.Throws<SerializerException>(() => sender.TrySend(new byte[Limits.MaxMessageBytes + 1], null));

        Assert.True(sender.TrySend([1], null));
        Assert.Equal([1], await _recorder.NextAsync());
    }

    [Fact]
    public async Task Send_PeerThatReadsNothing_IsRefusedWhenTheQueueIsFullAndThenCutOff()
    {
        var pair = new PipePair(capacity: 1024);
        var connection = Open(pair.Caller, _recorder);
        var sent = new List<Message> { NewMessage() };
        Assert.True(connection.TrySend(new byte[5000], sent[0]));
        var arrived = await pair.Listener.Input.ReadAsync().AsTask().Within("the first bytes");
        pair.Listener.Input.AdvanceTo(arrived.Buffer.Start);
        do
        {
            sent.Add(NewMessage());
            Assert.True(sent.Count < 1_000, "The queue has no end.");
        }
        while (connection.TrySend(new byte[1000], sent[^1]));

        for (var i = 0; i <= Limits.MaxSilentIntervals; i++)
        {
            // A peer that sends but does not read.
            await new RawPeer(pair.Listener).SendAsync(FrameKind.Ping);
            await Signals.Until(() => connection.HasReceived, "the ping");
            _clock.Advance(Limits.HeartbeatInterval);
        }

        var (reason, unsent) = await _recorder.Closed.Within("the end");
        Assert.Equal(CloseCode.NotReading, reason.Code);
        Assert.Equal(sent[1..^1], unsent);
        Assert.False(connection.TrySend([1], null));
    }

    [Fact]
    public async Task Heartbeat_NothingToSend_SendsPingsAndKeepsBothAlive()
    {
        var pair = new PipePair();
        var otherClock = new ManualClock();
        var (one, two) = (Open(pair.Caller, _recorder), Run(pair.Listener, new Recorder(), otherClock).Connection);
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(Limits.HeartbeatInterval);
            await Signals.Until(() => two.HasReceived, "a ping");
            otherClock.Advance(Limits.HeartbeatInterval);
            await Signals.Until(() => one.HasReceived, "a ping back");
        }

        Assert.Null(one.Reason);
        Assert.Null(two.Reason);
    }

    [Fact]
    public async Task Heartbeat_SilentPeer_IsCutOffWithAReason()
    {
        var pair = new PipePair();
        Open(pair.Caller, _recorder);
        for (var i = 0; i <= Limits.MaxSilentIntervals; i++)
        {
            Assert.False(_recorder.Closed.IsCompleted);
            _clock.Advance(Limits.HeartbeatInterval);
        }

        Assert.Equal(CloseCode.Silent, (await _recorder.Closed.Within("the end")).Reason.Code);
        Assert.Equal(CloseCode.Silent, (await new RawPeer(pair.Listener).ReceiveCloseAsync())!.Code);
    }

    [Fact]
    public async Task Close_Reason_IsToldToThePeer()
    {
        var pair = new PipePair();
        var other = new Recorder();
        var (one, two) = (Open(pair.Caller, _recorder), Open(pair.Listener, other));

        one.Close(new CloseReason(CloseCode.Replaced, "A newer one came."));

        var expected = new CloseReason(CloseCode.Replaced, "A newer one came.", ByPeer: true);
        Assert.Equal(expected, (await other.Closed.Within("the end")).Reason);
        Assert.Equal(expected, two.Reason);
    }

    [Fact]
    public async Task Close_PeerThatReadsNothing_EndsAllTheSame()
    {
        var pair = new PipePair(capacity: 1024);
        var (connection, run) = Run(pair.Caller, _recorder);
        connection.TrySend(new byte[5000], null);

        connection.Close(CloseReason.Stopping);
        await Signals.Until(
            () =>
            {
                _clock.Advance(Limits.HeartbeatInterval);
                return run.IsCompleted;
            },
            "the end");

        Assert.Equal(CloseReason.Stopping, await run);
    }

    [Fact]
    public async Task Abort_Connection_EndsWithoutAWord()
    {
        var pair = new PipePair();
        var (connection, run) = Run(pair.Caller, _recorder);

        connection.Abort(CloseReason.Stopping);

        await run.Within("the end");
        Assert.Null(await new RawPeer(pair.Listener).ReceiveAsync().Within("the end of the carrier"));
    }

    [Fact]
    public async Task Drain_MessagesSentBefore_AreHandedOverAndNoneCanBeSentAfter()
    {
        var pair = new PipePair();
        var other = new Recorder();
        var (stopping, sending) = (Open(pair.Caller, _recorder), Open(pair.Listener, other));
        for (byte i = 0; i < 10; i++)
        {
            Assert.True(sending.TrySend([i], null));
        }

        await stopping.DrainAsync().Within("the drain");

        Assert.Equal(10, _recorder.Count);
        Assert.True(other.IsDraining);
        Assert.False(sending.TrySend([1], null));
        Assert.True(stopping.TrySend([2], null));
        Assert.Equal([2], await other.NextAsync());
    }

    [Fact]
    public async Task Drain_ConnectionEnds_Completes()
    {
        var pair = new PipePair();
        var connection = Open(pair.Caller, _recorder);
        var drain = connection.DrainAsync();

        await new RawPeer(pair.Listener).EndAsync();

        await drain.Within("the drain");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(99)]
    public async Task Receive_FrameThatHasNoPlace_ClosesAsMalformed(byte kind)
    {
        var pair = new PipePair();
        Open(pair.Caller, _recorder);

        await new RawPeer(pair.Listener).SendAsync((FrameKind)kind, 1, 2);

        await EndsAsync(pair, CloseCode.Malformed);
    }

    [Fact]
    public async Task Receive_MessageThatCannotBeRead_ClosesAsMalformed()
    {
        var pair = new PipePair();
        _recorder.IsPicky = true;
        Open(pair.Caller, _recorder);

        await new RawPeer(pair.Listener).SendAsync(FrameKind.Message, 1);

        await EndsAsync(pair, CloseCode.Malformed);
    }

    [Fact]
    public async Task Receive_FrameLargerThanAllowed_ClosesBeforeItsBytesCome()
    {
        var pair = new PipePair();
        Open(pair.Caller, _recorder);
        var header = new byte[Frame.HeaderBytes];
        Frame.WriteHeader(header, FrameKind.Message, Limits.MaxMessageBytes + 1);

        await new RawPeer(pair.Listener).SendBytesAsync(header);

        await EndsAsync(pair, CloseCode.TooLarge);
    }

    [Fact]
    public async Task Receive_CarrierEndsWithinAFrame_IsLost()
    {
        var pair = new PipePair();
        Open(pair.Caller, _recorder);
        var peer = new RawPeer(pair.Listener);

        await peer.SendBytesAsync([9, 0, 0, 0, (byte)FrameKind.Message, 1, 2]);
        await peer.EndAsync();

        var (reason, _) = await _recorder.Closed.Within("the end");
        Assert.Equal(CloseCode.Lost, reason.Code);
        Assert.Contains("within a frame", reason.Text, StringComparison.Ordinal);
        Assert.Equal(0, _recorder.Count);
    }

    private static byte[] Filled(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static Message NewMessage()
    {
        return new Message { SendingSilo = SiloAddress.FromParsableString("127.0.0.1:1@1") };
    }

    private async Task EndsAsync(PipePair pair, CloseCode code)
    {
        var (reason, _) = await _recorder.Closed.Within("the end");
        Assert.Equal((code, false), (reason.Code, reason.ByPeer));
        Assert.Equal(code, (await new RawPeer(pair.Listener).ReceiveCloseAsync())!.Code);
    }

    [Fact]
    public async Task Abort_ConnectionOverAStreamThatHasEnded_IsNoError()
    {
        // The writer of a stream does not take what comes after its end as that of a pipe does.
        var pipe = new StreamEnd(new PipePair().Caller.Input, PipeWriter.Create(Stream.Null));
        var connection = new Connection(
            pipe, new PeerIdentity(NodeRole.Silo, "cluster", "peer"), _recorder, Limits, _clock, NullLogger.Instance);
        var ended = connection.RunAsync();
        connection.Close(CloseReason.Stopping);
        await ended.Within("the end");

        connection.Abort(CloseReason.Lost);

        Assert.Equal(CloseReason.Stopping, connection.Reason);
    }

    private Connection Open(IDuplexPipe pipe, Recorder recorder)
    {
        return Run(pipe, recorder).Connection;
    }

    private (Connection Connection, Task<CloseReason> Run) Run(
        IDuplexPipe pipe, Recorder recorder, ManualClock? clock = null)
    {
        var peer = new PeerIdentity(NodeRole.Silo, "cluster", "peer");
        var connection = new Connection(pipe, peer, recorder, Limits, clock ?? _clock, NullLogger.Instance);
        return (connection, connection.RunAsync());
    }

    private sealed record StreamEnd(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
