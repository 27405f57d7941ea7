using Orleans.Embedded.Networking;

namespace Orleans.Embedded.Tests.Networking;

public sealed class HandshakeTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private readonly PipePair _pair = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Handshake_SameSecret_TellsEachSideWhoTheOtherIs()
    {
        var (caller, listener) = (Call(new TestPolicy("a"), "b"), Listen(new TestPolicy("b")));

        Assert.Equal(new PeerIdentity(NodeRole.Silo, "cluster", "b"), await caller.Within("the caller"));
        Assert.Equal(new PeerIdentity(NodeRole.Silo, "cluster", "a"), await listener.Within("the listener"));
    }

    [Fact]
    public async Task Handshake_BytesBehindIt_StayInThePipe()
    {
        var listener = Listen(new TestPolicy("b"));
        await Call(new TestPolicy("a"), string.Empty);
        await new RawPeer(_pair.Caller).SendAsync(FrameKind.Message, 7);
        await listener.Within("the listener");

        var frame = await new RawPeer(_pair.Listener).ReceiveAsync().Within("the frame");

        Assert.Equal(FrameKind.Message, frame!.Value.Kind);
    }

    [Fact]
    public async Task Handshake_OtherSecret_IsRefusedAsNotAuthenticated()
    {
        var (caller, listener) = (Call(new TestPolicy("a", "guess"), "b"), Listen(new TestPolicy("b")));

        await Refused(listener, CloseCode.NotAuthenticated, byPeer: false);
        var reason = await Refused(caller, CloseCode.NotAuthenticated, byPeer: true);
        Assert.DoesNotContain("secret", reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_ListenerWithoutTheSecret_IsRefusedByTheCaller()
    {
        var listening = new RawPeer(_pair.Listener);
        var caller = Call(new TestPolicy("a"), "b");
        await listening.ReceiveAsync().Within("the hello");
        var challenge = new Challenge(1, new PeerIdentity(NodeRole.Silo, "cluster", "b"), new byte[32]);
        await listening.SendAsync(FrameKind.Challenge, challenge.Write());
        var proof = await listening.ReceiveAsync().Within("the proof");

        // The caller's own proof sent back is not the listener's.
        await listening.SendAsync(FrameKind.Welcome, proof!.Value.Payload);

        await Refused(caller, CloseCode.NotAuthenticated, byPeer: false);
    }

    [Fact]
    public async Task Handshake_ProofOfAnotherHandshake_IsRefused()
    {
        var policy = new TestPolicy("b");
        var first = await ProveAsync(_pair, policy, null);
        var second = new PipePair();
        var listener = Listen(policy, second);

        await ProveAsync(second, policy, first);

        await Refused(listener, CloseCode.NotAuthenticated, byPeer: false);
    }

    [Fact]
    public async Task Handshake_OtherCluster_IsRefused()
    {
        var (caller, listener) = (Call(new TestPolicy("a", cluster: "other"), "b"), Listen(new TestPolicy("b")));

        await Refused(listener, CloseCode.WrongCluster, byPeer: false);
        await Refused(caller, CloseCode.WrongCluster, byPeer: true);
    }

    [Fact]
    public async Task Handshake_AnotherGenerationAnswers_IsRefused()
    {
        var (caller, listener) = (Call(new TestPolicy("a"), "b@1"), Listen(new TestPolicy("b@2")));

        await Refused(listener, CloseCode.WrongTarget, byPeer: false);
        await Refused(caller, CloseCode.WrongTarget, byPeer: true);
    }

    [Fact]
    public async Task Handshake_BarredPeer_IsRefused()
    {
        var (caller, listener) = (Call(new TestPolicy("a"), "b"), Listen(new TestPolicy("b") { Barred = "a" }));

        await Refused(listener, CloseCode.NotAdmitted, byPeer: false);
        await Refused(caller, CloseCode.NotAdmitted, byPeer: true);
    }

    [Theory]
    [InlineData(2, 9)]
    [InlineData(0, 0)]
    public async Task Handshake_NoCommonVersion_IsRefused(int min, int max)
    {
        var listener = Listen(new TestPolicy("b"));
        var peer = new RawPeer(_pair.Caller);
        var hello = new Hello(min, max, new PeerIdentity(NodeRole.Silo, "cluster", "a"), string.Empty, new byte[32]);

        await peer.SendAsync(FrameKind.Hello, hello.Write());

        await Refused(listener, CloseCode.VersionMismatch, byPeer: false);
        Assert.Equal(CloseCode.VersionMismatch, (await peer.ReceiveCloseAsync())!.Code);
    }

    [Fact]
    public async Task Handshake_NewerPeerThatSpeaksOurVersion_IsLetIn()
    {
        var listener = Listen(new TestPolicy("b"));
        var peer = new RawPeer(_pair.Caller);
        var hello = new Hello(1, 9, new PeerIdentity(NodeRole.Silo, "cluster", "a"), string.Empty, new byte[32]);

        await peer.SendAsync(FrameKind.Hello, hello.Write());

        var challenge = await peer.ReceiveAsync().Within("the challenge");
        Assert.Equal(1, Challenge.Read(challenge!.Value.Payload).Version);
        Assert.False(listener.IsCompleted);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "TooLarge")]
    [InlineData("\x01\0\0\0\x01\x08", "Malformed")]
    [InlineData("\0\0\0\0\x01", "Malformed")]
    [InlineData("\0\0\0\0\x10", "Malformed")]
    [InlineData("\x02\0\0\0\x01\x08\x01", "Malformed")]
    public async Task Handshake_OtherProtocol_IsRefusedWithAReason(string text, string expected)
    {
        var code = Enum.Parse<CloseCode>(expected);
        var listener = Listen(new TestPolicy("b"));
        var peer = new RawPeer(_pair.Caller);

        await peer.SendBytesAsync(System.Text.Encoding.Latin1.GetBytes(text));

        await Refused(listener, code, byPeer: false);
        Assert.Equal(code, (await peer.ReceiveCloseAsync())!.Code);
    }

    [Fact]
    public async Task Handshake_PeerThatSendsOneByteAtATime_IsCutOffInTime()
    {
        var listener = Listen(new TestPolicy("b"));
        var peer = new RawPeer(_pair.Caller);
        for (var i = 0; i < 4; i++)
        {
            await peer.SendBytesAsync([1]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(listener.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await Refused(listener, CloseCode.HandshakeTimeout, byPeer: false);
    }

    [Fact]
    public async Task Handshake_CarrierEnds_Fails()
    {
        var listener = Listen(new TestPolicy("b"));

        await new RawPeer(_pair.Caller).EndAsync();

        await Refused(listener, CloseCode.Lost, byPeer: false);
    }

    private static async Task<CloseReason> Refused(Task<PeerIdentity> handshake, CloseCode code, bool byPeer)
    {
        var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => handshake.Within("the refusal"));
        Assert.Equal((code, byPeer), (error.Reason.Code, error.Reason.ByPeer));
        return error.Reason;
    }

    /// <summary>Calls a listener by hand with a nonce that is always the same; returns the proof.</summary>
    private static async Task<byte[]> ProveAsync(PipePair pair, TestPolicy policy, byte[]? known)
    {
        var listener = known is null ? Listen(policy, pair) : null;
        var peer = new RawPeer(pair.Caller);
        var hello = new Hello(1, 1, new PeerIdentity(NodeRole.Silo, "cluster", "a"), string.Empty, new byte[32]).Write();
        await peer.SendAsync(FrameKind.Hello, hello);
        var challenge = (await peer.ReceiveAsync().Within("the challenge"))!.Value.Payload;
        byte[] transcript =
        [
            .. System.Security.Cryptography.SHA256.HashData(hello),
            .. System.Security.Cryptography.SHA256.HashData(challenge),
        ];
        var proof = known ?? new ClusterSecret("secret").Prove(HandshakeSide.Caller, transcript);
        await peer.SendAsync(FrameKind.Proof, proof);
        if (listener is not null)
        {
            Assert.Equal("a", (await listener.Within("the listener")).Name);
        }

        return proof;
    }

    private static Task<PeerIdentity> Listen(TestPolicy policy, PipePair pair)
    {
        return Handshake.ListenAsync(pair.Listener, policy, Timeout, TimeProvider.System, CancellationToken.None);
    }

    private Task<PeerIdentity> Call(TestPolicy policy, string target)
    {
        return Handshake.CallAsync(_pair.Caller, policy, target, Timeout, _clock, CancellationToken.None);
    }

    private Task<PeerIdentity> Listen(TestPolicy policy)
    {
        return Handshake.ListenAsync(_pair.Listener, policy, Timeout, _clock, CancellationToken.None);
    }
}
