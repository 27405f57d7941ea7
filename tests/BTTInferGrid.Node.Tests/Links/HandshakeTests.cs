using System.Net;
using System.Net.Sockets;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Tests.Grid;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Node.Tests.Links;

public sealed class HandshakeTests : IAsyncLifetime
{
    private static readonly byte[] Nonce = new byte[LinkProtocol.NonceBytes];
    private ScriptedGrid _grid = null!;

    public async Task InitializeAsync() => _grid = await ScriptedGrid.StartAsync();

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Fact]
    public async Task Join_HonestGrid_ProvesItselfAndOffersItsEngine()
    {
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [_grid.Address];
            options.ContextTokens = 500;
            options.PromptPrice = 11;
            options.OutputPrice = 22;
        });
        var session = await _grid.AcceptAsync();
        await session.WelcomeAsync(TimeProvider.System);
        var offer = (await session.NextAsync()).Offer;
        var status = await session.NextStatusAsync();

        (offer.Model, offer.Profile, offer.ContextTokens, offer.Slots, offer.PromptPrice, offer.OutputPrice).Should()
            .Be((TestNode.Model, node.Engine.Profile, 500, 32, 11L, 22L));
        offer.Backend.Should().MatchRegex("^[a-z0-9]+$");
        (status.Running, status.Waiting, status.CacheTokens, status.Draining).Should().Be((0, 0, 8192, false));
        (await node.Log.LineAsync("joins")).Should().MatchRegex(
            $@"^\[2203\] Miner {node.Key.Identity} \(process {Environment.ProcessId}\) joins grid {ScriptedGrid.Id} ");
    }

    [Fact]
    public async Task Join_Hello_NamesTheHostThatWasDialled()
    {
        var address = new UriBuilder(_grid.Address) { Host = "LOCALHOST" }.Uri;
        await using var node = await TestNode.StartAsync(options => options.Grids = [address]);
        var hello = await (await _grid.AcceptAsync()).HelloAsync();

        (hello.Version, hello.Role, hello.Audience).Should().Be((1U, "miner", "localhost"));
        hello.Nonce.Length.Should().Be(32);
        hello.Software.Should().MatchRegex("^BTTInferGrid/[0-9.]+$");
    }

    [Fact]
    public async Task Join_EachSession_HasAnotherNonce()
    {
        await using var node = await TestNode.StartAsync(_grid);
        var first = await _grid.AcceptAsync();
        var one = await first.HelloAsync();
        first.End();
        var another = await (await _grid.AcceptAsync()).HelloAsync();

        another.Nonce.Should().NotEqual(one.Nonce);
    }

    public static TheoryData<string, byte[], string, long> BadChallenges => new()
    {
        { "nonce has 0 bytes", [], ScriptedGrid.Id, 0 },
        { "nonce has 31 bytes", new byte[31], ScriptedGrid.Id, 0 },
        { "nonce has 1000000 bytes", new byte[1_000_000], ScriptedGrid.Id, 0 },
        { "id is not a name", Nonce, "", 0 },
        { "id is not a name", Nonce, "grid\naudience: other", 0 },
        { "id is not a name", Nonce, new string('x', 254), 0 },
        { "check the clock", Nonce, ScriptedGrid.Id, 4000 },
        { "check the clock", Nonce, ScriptedGrid.Id, -4000 },
        { "check the clock", Nonce, ScriptedGrid.Id, long.MaxValue / 2 },
        { "check the clock", Nonce, ScriptedGrid.Id, long.MinValue / 2 },
    };

    [Theory]
    [MemberData(nameof(BadChallenges))]
    public async Task Join_BadChallenge_IsNotSigned(string reason, byte[] nonce, string grid, long expiresIn)
    {
        await using var node = await TestNode.StartAsync(_grid);
        var session = await _grid.AcceptAsync();
        await session.HelloAsync();
        await session.ChallengeAsync(nonce, grid, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + expiresIn);

        await node.Log.LineAsync(reason);
        await session.Closed.Within("the node leaves");
        await session.Awaiting(it => it.NextAsync()).Should().ThrowAsync<Exception>("no proof was sent");
        (await _grid.WelcomeAsync()).Should().NotBeNull("it tries again");
    }

    public static TheoryData<string, ToNode> OutOfTurn => new()
    {
        { "in place of Challenge", new ToNode { Welcome = new Welcome { Identity = "p256-0" } } },
        { "in place of Challenge", new ToNode { Alive = new Alive() } },
        { "in place of Challenge", new ToNode { Generate = new Generate { Job = 1 } } },
        { "(Outdated)", new ToNode { Goodbye = new Goodbye { Reason = Goodbye.Types.Reason.Outdated } } },
    };

    [Theory]
    [MemberData(nameof(OutOfTurn))]
    public async Task Join_MessageInPlaceOfTheChallenge_EndsTheSession(string reason, ToNode message)
    {
        await using var node = await TestNode.StartAsync(_grid);
        var session = await _grid.AcceptAsync();
        await session.HelloAsync();
        await session.SendAsync(message);

        await node.Log.LineAsync(reason);
        await session.Closed.Within("the node leaves");
    }

    [Fact]
    public async Task Join_WelcomeOfAnotherIdentity_EndsTheSession()
    {
        await using var node = await TestNode.StartAsync(_grid);
        var session = await _grid.AcceptAsync();
        await session.HelloAsync();
        await session.ChallengeAsync(Nonce, ScriptedGrid.Id, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await session.NextAsync();
        await session.SendAsync(new ToNode { Welcome = new Welcome { Identity = "p256-" + new string('0', 64) } });

        await node.Log.LineAsync("takes the node for another one");
        await session.Awaiting(it => it.NextAsync()).Should().ThrowAsync<Exception>("no offer was made");
    }

    [Fact]
    public async Task Join_GoodbyeBeforeAnything_IsReadThoughTheStreamIsOver()
    {
        await using var node = await TestNode.StartAsync(_grid);
        var session = await _grid.AcceptAsync();
        await session.GoodbyeAsync(Goodbye.Types.Reason.Busy, text: "full\r\n[2203] Miner x joins");
        session.End();

        (await node.Log.LineAsync("(Busy)")).Should().EndWith("full??[2203] Miner x joins");
    }

    [Fact]
    public async Task Join_ServerThatOnlyAccepts_IsLeftAfterTheTimeout()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var clock = new ManualClock();
        await using var node = await TestNode.StartAsync(
            options => options.Grids = [new Uri($"https://{server.LocalEndpoint}")], clock);
        using var connection = await server.AcceptTcpClientAsync();
        clock.Advance(LinkProtocol.HandshakeTimeout);

        await node.Log.LineAsync("did not answer within 10 s");
    }

    [Fact]
    public async Task Join_GridThatSaysNothing_IsLeftAfterTheTimeout()
    {
        var clock = new ManualClock();
        await using var node = await TestNode.StartAsync(_grid, clock);
        var session = await _grid.AcceptAsync();
        await session.HelloAsync();
        clock.Advance(LinkProtocol.HandshakeTimeout);

        await node.Log.LineAsync("did not answer within 10 s");
        (await session.Closed.Within("the node leaves")).Should().BeFalse();
    }
}
