using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using BTTInferGrid.Compute;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Testing;
using FluentAssertions;
using Google.Protobuf;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>Connections that a library would not make: written frame by frame.</summary>
public sealed class HostileTransportTests(SharedLinkGrid shared) : IClassFixture<SharedLinkGrid>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LinkGrid _grid = shared.Grid;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private string Identity => P256ProofVerifier.IdentityOf(_key.ExportSubjectPublicKeyInfo());

    public void Dispose() => _key.Dispose();

    /// <summary>What is sent in place of a Hello, and whether it ends the stream.</summary>
    public static TheoryData<string, byte[], bool> Streams => new()
    {
        { "nothing", [], true },
        { "half a prefix", [0, 0], true },
        { "half a message", [0, 0, 0, 0, 100, 1, 2, 3], true },
        { "negative length", [0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3], false },
        { "greatest length", [0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3], false },
        { "just too long", [0, 0, 0x10, 0, 1], false },
        { "compressed without a name", [1, 0, 0, 0, 1, 0], false },
        { "unknown flag", [2, 0, 0, 0, 1, 0], false },
        { "text", [.. "GET / HTTP/1.1\r\nHost: grid\r\n\r\n"u8], true },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Stream_ThatIsNotOfMessages_EndsAndDisturbsNobody(string what, byte[] bytes, bool isLast)
    {
        await using var peer = await RawHttp2.ConnectAsync(_grid.Url);
        await peer.OpenAsync(1);
        await peer.DataAsync(1, bytes, isLast);

        while (await peer.NextMessageAsync() is { } message)
        {
            message.KindCase.Should().Be(ToNode.KindOneofCase.Goodbye, what);
            message.Goodbye.Reason.Should().Be(Reason.BrokenProtocol, what);
        }

        await using var other = await _grid.JoinAsync();
    }

    public static TheoryData<string, string, string> Requests => new()
    {
        { "GET", RawHttp2.LinkPath, "application/grpc" },
        { "POST", RawHttp2.LinkPath, "application/json" },
        { "POST", "/bttgrid.link.v1.Link/Admin", "application/grpc" },
        { "POST", "/bttgrid.link.v2.Link/Connect", "application/grpc" },
        { "POST", "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "application/grpc" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_OfAnotherKind_IsAnsweredWithoutAMessage(string method, string path, string contentType)
    {
        await using var peer = await RawHttp2.ConnectAsync(_grid.Url);
        await peer.OpenAsync(1, method, path, contentType);

        (await peer.NextMessageAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Connection_ThatIsNotHttp2_EndsAndDisturbsNobody()
    {
        await using var peer = await RawHttp2.ConnectAsync(_grid.Url);
        await peer.SendAsync(new Http2Frame((Http2FrameType)0xee, 0xff, 1, new byte[1000]));
        await peer.SendAsync(new Http2Frame(Http2FrameType.Headers, 4, 1, Encoding.ASCII.GetBytes("no header block at all")));

        await peer.WaitForEndAsync();

        await using var other = await _grid.JoinAsync();
    }

    [Fact]
    public async Task Message_ThatGrowsWhenUnpacked_IsRefusedUnread()
    {
        // 64 MiB of zeros in 64 KiB.
        var hello = new FromNode { Hello = new Hello { Nonce = ByteString.CopyFrom(new byte[64 << 20]) } }.ToByteArray();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(hello);
        }

        packed.Length.Should().BeLessThan(LinkProtocol.MaxMessageFromNode / 8);
        await using var peer = await RawHttp2.ConnectAsync(_grid.Url);
        await peer.OpenAsync(1, more: ("grpc-encoding", "gzip"));
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await peer.MessageAsync(1, packed.ToArray(), isCompressed: true);
        var answer = await peer.NextMessageAsync();

        answer!.Goodbye.Reason.Should().Be(Reason.BrokenProtocol);

        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(32 << 20, "a compressed message is not unpacked");
    }

    [Fact]
    public async Task Hello_ByteByByte_EndsInTime()
    {
        await using var grid = await LinkGrid.StartAsync(static options => options.HandshakeTimeout = TimeSpan.FromSeconds(1));
        await using var peer = await RawHttp2.ConnectAsync(grid.Url);
        await peer.OpenAsync(1);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var next = peer.NextMessageAsync();

        byte[] bytes = [0, 0, 0, 0, 100, .. new byte[100]];
        for (var i = 0; i < bytes.Length && !next.IsCompleted && await pace.WaitForNextTickAsync(); i++)
        {
            await peer.DataAsync(1, [bytes[i]]);
        }

        (await next)!.Goodbye.Reason.Should().Be(Reason.Silent);
    }

    [Fact]
    public async Task Connection_ThatReadsNothingFromTheStart_FreesItsPlaceInTime()
    {
        await using var grid = await LinkGrid.StartAsync(static options =>
        {
            options.HandshakeTimeout = TimeSpan.FromSeconds(1);
            options.MaxHandshakes = 1;
        });
        await using var peer = await RawHttp2.ConnectAsync(grid.Url, window: 0);
        await peer.OpenAsync(1);
        await peer.MessageAsync(1, new FromNode { Hello = grid.Dial().Hello() });

        await Poll.UntilAsync(
            async () =>
            {
                await using var other = grid.Dial();
                await other.SendAsync(other.Hello());
                return (await other.NextAsync())!.KindCase;
            },
            static kind => kind == ToNode.KindOneofCase.Challenge,
            Patience);
    }

    [Fact]
    public async Task Refusal_ThatIsNotRead_ClosesTheConnectionInTime()
    {
        await using var peer = await RawHttp2.ConnectAsync(_grid.Url, window: 0);
        await peer.OpenAsync(1);
        await peer.MessageAsync(1, new FromNode { Hello = new Hello() });

        await peer.WaitForEndAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Refusal_OfOneStream_LeavesTheOthersOfTheConnection()
    {
        await using var peer = await JoinAsync();
        await peer.OpenAsync(3);
        await peer.MessageAsync(3, new FromNode { Hello = new Hello() });
        (await EndOfStreamAsync(peer, 3)).Type.Should().Be(Http2FrameType.Headers);

        await peer.MessageAsync(1, new FromNode { Hello = new Hello() });

        (await EndOfStreamAsync(peer, 1)).Type.Should().Be(Http2FrameType.Headers);
        await _grid.WaitForEndOfSessionAsync(Identity);
    }

    [Fact]
    public async Task Goodbye_ThatIsNotRead_ClosesTheConnectionInTime()
    {
        // The Challenge and the Welcome fit, and nothing after them.
        await using var peer = await JoinAsync(window: 180);
        await peer.MessageAsync(1, new FromNode { Hello = new Hello() });

        await peer.WaitForEndAsync().WaitAsync(Patience);
        await _grid.WaitForEndOfSessionAsync(Identity);
    }

    [Fact]
    public async Task Streams_ManyOnOneConnection_CountEach()
    {
        await using var grid = await LinkGrid.StartAsync(static options => options.MaxHandshakes = 10);
        await using var peer = await RawHttp2.ConnectAsync(grid.Url);
        for (var i = 0; i < 50; i++)
        {
            await peer.OpenAsync((2 * i) + 1);
        }

        // The ends of the streams that are refused, each with its Goodbye before.
        for (var ended = 0; ended < 40;)
        {
            var frame = (await peer.NextFrameAsync())!.Value;
            ended += frame.Type == Http2FrameType.Headers && (frame.Flags & 1) != 0 ? 1 : 0;
        }

        await using var other = grid.Dial();
        await other.SendAsync(other.Hello());
        await other.ExpectGoodbyeAsync(Reason.Busy);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connection_CutInAJob_TheJobIsLostAtOnce(bool resetsStreamOnly)
    {
        await using var peer = await JoinAsync();
        await using var attempt = _grid.Attempt(Identity, _grid.Ask());
        var running = attempt.MoveNextAsync().AsTask();
        while ((await peer.NextMessageAsync())!.Generate?.JobId != "job-1")
        {
        }

        if (resetsStreamOnly)
        {
            await peer.ResetAsync(1);
        }
        else
        {
            peer.Cut();
        }

        (await running.WaitAsync(TimeSpan.FromSeconds(3))).Should().BeFalse();
        attempt.Failure!.Value.Outcome.Should().Be(AttemptOutcome.Lost);
        await _grid.WaitForEndOfSessionAsync(Identity);
    }

    [Fact]
    public async Task Node_ThatReadsNothingMore_IsCutAndOthersAreServedMeanwhile()
    {
        await using var peer = await JoinAsync();
        await using var other = await _grid.JoinAsync();
        var jobs = new List<IAsyncDisposable>();
        var outcomes = new List<Task<bool>>();

        // 3 MiB each: the first fills the connection, later ones wait, and then there is no room for more.
        var prompt = ImmutableArray.CreateRange(Enumerable.Repeat(1 << 20, 800_000));
        for (var i = 0; i < 10; i++)
        {
            var attempt = _grid.Attempt(Identity, _grid.Ask(prompt: prompt));
            outcomes.Add(attempt.MoveNextAsync().AsTask());
            jobs.Add(attempt);
        }

        outcomes.Count(static outcome => outcome.IsCompleted).Should().BeInRange(3, 7, "what waits for a node is bounded");
        var sending = KeepSendingAsync();
        await using var served = _grid.Attempt(other.Identity, _grid.Ask(maxTokens: 1));
        var step = served.MoveNextAsync();
        var job = await other.NextJobAsync();
        await other.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
        (await step).Should().BeTrue();

        await Poll.UntilAsync(() => Task.FromResult(_grid.Sessions.Find(Identity)), static session => session is null, Patience);

        (await Task.WhenAll(outcomes)).Should().AllBeEquivalentTo(false);
        await sending;
        while (await peer.NextMessageAsync() is not null)
        {
            // What was sent before it stopped to read.
        }

        foreach (var attempt in jobs)
        {
            await attempt.DisposeAsync();
        }

        // It is there, it only does not read.
        async Task KeepSendingAsync()
        {
            using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1));
            while (await pace.WaitForNextTickAsync() && _grid.Sessions.Find(Identity) is not null)
            {
                await peer.MessageAsync(1, new FromNode { Status = new Status() });
            }
        }
    }

    /// <summary>Reads to the end of a stream: its trailers, or its reset.</summary>
    private static async Task<Http2Frame> EndOfStreamAsync(RawHttp2 peer, int stream)
    {
        while (await peer.NextFrameAsync() is { } frame)
        {
            if (frame.Stream == stream && (frame.Type == Http2FrameType.ResetStream || (frame is { Type: Http2FrameType.Headers } && (frame.Flags & 1) != 0)))
            {
                return frame;
            }
        }

        throw new InvalidOperationException("The connection ended before the stream.");
    }

    /// <summary>Joins by hand-written frames.</summary>
    private async Task<RawHttp2> JoinAsync(int window = 65_535)
    {
        await using var node = _grid.Dial(_key);
        var peer = await RawHttp2.ConnectAsync(_grid.Url, window);
        await peer.OpenAsync(1);
        var hello = node.Hello();
        await peer.MessageAsync(1, new FromNode { Hello = hello });
        var challenge = (await peer.NextMessageAsync())!.Challenge;
        await peer.MessageAsync(1, new FromNode
        {
            Proof = node.Prove(new LinkChallenge(
                challenge.Grid, hello.Audience, hello.Role, hello.Nonce.Memory, challenge.Nonce.Memory, challenge.Expires)),
        });
        (await peer.NextMessageAsync())!.Welcome.Identity.Should().Be(Identity);
        await peer.MessageAsync(1, new FromNode { Offer = node.Offer() });
        await peer.MessageAsync(1, new FromNode { Status = new Status() });
        await Poll.UntilAsync(() => Task.FromResult(_grid.Sessions.Find(Identity)?.Offer), static offer => offer is not null, Patience);
        return peer;
    }
}
