using System.Security.Cryptography;
using BTTInferGrid.Compute;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Testing;
using FluentAssertions;
using Google.Protobuf;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>What nodes may cost a front, whatever they do.</summary>
public sealed class LinkLimitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Handshake_NodeFallsSilent_IsEndedInTime()
    {
        await using var grid = await LinkGrid.StartAsync(static options => options.HandshakeTimeout = Short);
        await using var silent = grid.Dial();
        await using var afterHello = grid.Dial();
        await afterHello.HelloAsync();
        await using var afterWelcome = await grid.WelcomeAsync();
        await using var unknownOnly = await grid.WelcomeAsync();
        await unknownOnly.SendAsync([]);

        await silent.ExpectGoodbyeAsync(Reason.Silent, "it sent nothing");
        await afterHello.ExpectGoodbyeAsync(Reason.Silent, "it sent no proof");
        await afterWelcome.ExpectGoodbyeAsync(Reason.Silent, "it sent no offer");
        await unknownOnly.ExpectGoodbyeAsync(Reason.Silent, "it sent no offer that is known");
    }

    [Fact]
    public async Task Handshake_MoreThanAllowed_AreBusyUntilOneEnds()
    {
        await using var grid = await LinkGrid.StartAsync(static options => options.MaxHandshakes = 2);
        await using var first = grid.Dial();
        await first.HelloAsync();
        await using var second = await grid.WelcomeAsync();
        await using var third = grid.Dial();
        await third.SendAsync(third.Hello());

        var busy = await third.GoodbyeAsync();

        busy.Reason.Should().Be(Reason.Busy);
        busy.RetryAfter.Should().BePositive();
        await second.OfferAsync();
        await using var fourth = await grid.JoinAsync();
        await first.DisposeAsync();
        await TryJoinAsync(grid);
        await TryJoinAsync(grid);
    }

    [Fact]
    public async Task Session_MoreThanAllowed_AreBusyUntilOneEnds()
    {
        await using var grid = await LinkGrid.StartAsync(static options => options.MaxSessions = 1);
        var first = await grid.JoinAsync();
        await using var second = grid.Dial();
        await second.SendAsync(second.Hello());

        await second.ExpectGoodbyeAsync(Reason.Busy);
        await first.DisposeAsync();

        await TryJoinAsync(grid);
    }

    [Fact]
    public async Task Message_MoreThanTheBurst_BreaksTheProtocol()
    {
        const int Burst = 20;
        await using var grid = await LinkGrid.StartAsync(static options =>
        {
            options.OtherMessagesPerSecond = 1;
            options.OtherMessagesBurst = Burst;
        });
        var floods = new Dictionary<string, Func<RawNode, int, byte[]>>
        {
            ["Status"] = static (_, _) => new FromNode { Status = new Status() }.ToByteArray(),
            ["draining and not"] = static (_, i) => new FromNode { Status = new Status { Draining = i % 2 == 0 } }.ToByteArray(),
            ["the same Offer"] = static (node, _) => new FromNode { Offer = node.Offer() }.ToByteArray(),
            ["another Offer"] = static (node, i) =>
            {
                var offer = node.Offer();
                offer.Slots = 1 + i;
                return new FromNode { Offer = offer }.ToByteArray();
            },
            ["unknown"] = static (_, _) => [0xfa, 0x01, 0x00],
            ["empty"] = static (_, _) => [],
        };

        foreach (var (what, message) in floods)
        {
            await using var node = await grid.JoinAsync();
            for (var i = 0; i < 2 * Burst; i++)
            {
                await node.SendAsync(message(node, i));
            }

            await node.ExpectGoodbyeAsync(Reason.BrokenProtocol, what);
        }
    }

    [Fact]
    public async Task Offer_MoreThanTheBudget_BreaksTheProtocol()
    {
        await using var grid = await LinkGrid.StartAsync(static options =>
        {
            options.OfferBurst = 3;
            options.OfferPeriod = TimeSpan.FromHours(1);
        });
        await using var node = await grid.JoinAsync();
        await node.OfferAsync();
        await node.OfferAsync();
        await node.SendAsync(node.Offer());

        var end = await node.GoodbyeAsync();

        end.Reason.Should().Be(Reason.BrokenProtocol);
        end.Text.Should().Contain("offers");
        end.RetryAfter.Should().BePositive();
    }

    [Fact]
    public async Task Identity_ThatConnectsTooOften_ComesBackLaterAndTouchesNothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var grid = await LinkGrid.StartAsync(static options =>
        {
            options.OfferBurst = 2;
            options.OfferPeriod = TimeSpan.FromHours(1);
        });
        await using var first = await grid.JoinAsync(key);
        await using var second = await grid.JoinAsync(key);
        await first.ExpectGoodbyeAsync(Reason.Replaced);
        var writes = grid.Writes;
        await using var third = grid.Dial(key);
        await third.SendAsync(third.Prove(await third.HelloAsync()));

        var busy = await third.GoodbyeAsync();

        busy.Reason.Should().Be(Reason.Busy);
        busy.RetryAfter.Should().BeInRange(3500, 3600);
        await second.PingAsync();
        grid.Writes.Should().Be(writes);
        await using var other = await grid.JoinAsync();
    }

    [Fact]
    public async Task Offer_OnceMoreAfterASession_IsNotStoredAgain()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var grid = await LinkGrid.StartAsync();
        var first = await grid.JoinAsync(key);
        await first.DisposeAsync();
        await Poll.UntilAsync(() => grid.StandingOfAsync(first.Identity), static miner => miner!.State == MinerState.Gone, Patience);
        var writes = grid.Writes;

        await using var second = await grid.JoinAsync(key);
        await second.OfferAsync();
        await second.SendAsync(new Status { Draining = true });
        await second.NextAsync(ToNode.KindOneofCase.Alive);
        await Poll.UntilAsync(() => grid.StandingOfAsync(first.Identity), static miner => miner!.State == MinerState.Draining, Patience);

        grid.Writes.Should().Be(writes);
        var cheaper = second.Offer();
        cheaper.OutputPrice = 1;
        await second.SendAsync(cheaper);
        await second.PingAsync();
        grid.Writes.Should().BeGreaterThan(writes);
    }

    [Fact]
    public async Task Message_OfEndedJob_CountsAgainstTheBurst()
    {
        await using var grid = await LinkGrid.StartAsync(static options =>
        {
            options.OtherMessagesPerSecond = 1;
            options.OtherMessagesBurst = 20;
        });
        await using var node = await grid.JoinAsync();

        // The grid's measurement of the node is the first job.
        var job = (await node.NextAsync(ToNode.KindOneofCase.Generate)).Generate.Job;
        for (var i = 0; i < 40; i++)
        {
            await node.SendAsync(new FromNode { Fault = new Fault { Job = job } });
        }

        await node.ExpectGoodbyeAsync(Reason.BrokenProtocol);
    }

    [Fact]
    public async Task Tokens_OfRunningJob_DoNotCountAgainstTheBurst()
    {
        const int Tokens = 200;
        await using var grid = await LinkGrid.StartAsync(static options =>
        {
            options.OtherMessagesPerSecond = 1;
            options.OtherMessagesBurst = 20;
        });
        await using var node = await grid.JoinAsync();
        await using var attempt = grid.Attempt(node.Identity, grid.Ask(Tokens));
        var reading = attempt.MoveNextAsync();
        var job = await node.NextJobAsync();

        for (var i = 0; i < Tokens; i++)
        {
            await node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
        }

        for (var more = await reading; more && attempt.OutputTokens < Tokens;)
        {
            more = await attempt.MoveNextAsync();
        }

        attempt.OutputTokens.Should().Be(Tokens);
        await node.PingAsync();
    }

    [Fact]
    public async Task Job_MoreThanAllowed_FindsTheMinerBusy()
    {
        // The grid's measurement of the node is a job as well.
        await using var grid = await LinkGrid.StartAsync(static options => options.MaxJobs = 2);
        await using var node = await grid.JoinAsync();
        await node.NextAsync(ToNode.KindOneofCase.Generate);
        await using var first = grid.Attempt(node.Identity, grid.Ask());
        _ = first.MoveNextAsync().AsTask();
        var job = await node.NextJobAsync();
        await using var second = grid.Attempt(node.Identity, grid.Ask());

        (await second.MoveNextAsync()).Should().BeFalse();

        second.Failure!.Value.Outcome.Should().Be(AttemptOutcome.Busy);
        await node.SendAsync(new FromNode { Fault = new Fault { Job = job.Job } });
        await node.PingAsync();
        await using var third = grid.Attempt(node.Identity, grid.Ask());
        _ = third.MoveNextAsync().AsTask();
        await node.NextJobAsync();
    }

    [Fact]
    public async Task Identity_ThatIsNotListed_IsNotAdmittedAndLearnsItOnlyWithItsKey()
    {
        using var listed = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var grid = await LinkGrid.StartAsync(options =>
            options.AllowedIdentities.Add(P256ProofVerifier.IdentityOf(listed.ExportSubjectPublicKeyInfo())));
        await using var other = grid.Dial();
        await other.SendAsync(other.Prove(await other.HelloAsync()));
        await using var pretender = grid.Dial();
        var proof = pretender.Prove(await pretender.HelloAsync());
        proof.PublicKey = ByteString.CopyFrom(listed.ExportSubjectPublicKeyInfo());
        await pretender.SendAsync(proof);

        await other.ExpectGoodbyeAsync(Reason.NotAdmitted);
        await pretender.ExpectGoodbyeAsync(Reason.NotAuthenticated);
        await using var node = await grid.JoinAsync(listed);
    }

    [Fact]
    public async Task Audience_WhenTheFrontHasNames_IsOneOfThemOrLoopback()
    {
        await using var grid = await LinkGrid.StartAsync(static options => options.Hosts.Add("front.example"));
        await using var byName = grid.Dial();
        var hello = byName.Hello();
        hello.Audience = "front.example";
        await byName.SendAsync(byName.Prove(await byName.HelloAsync(hello)));
        await using var byAnother = grid.Dial();
        var other = byAnother.Hello();
        other.Audience = "another.example";
        await byAnother.SendAsync(other);

        await byName.NextAsync(ToNode.KindOneofCase.Welcome);
        await byAnother.ExpectGoodbyeAsync(Reason.NotAuthenticated);
        await using var byLoopback = await grid.JoinAsync();
    }

    /// <summary>Dials until there is room: when another node has left is not told.</summary>
    private static Task<ToNode.KindOneofCase> TryJoinAsync(LinkGrid grid) => Poll.UntilAsync(
        async () =>
        {
            await using var node = grid.Dial();
            await node.SendAsync(node.Hello());
            return (await node.NextAsync())!.KindCase;
        },
        static kind => kind == ToNode.KindOneofCase.Challenge,
        Patience);
}
