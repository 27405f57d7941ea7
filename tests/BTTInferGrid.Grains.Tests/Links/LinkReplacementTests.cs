using System.Security.Cryptography;
using BTTInferGrid.Compute;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Testing;
using FluentAssertions;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>One identity has one session: the newest that has made an offer.</summary>
public sealed class LinkReplacementTests(SharedLinkGrid shared) : IClassFixture<SharedLinkGrid>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly LinkGrid _grid = shared.Grid;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Join_SameIdentityAgain_ReplacesTheOlderAndItsJobsGoOnElsewhere()
    {
        await using var older = await _grid.JoinAsync(_key);
        await using var attempt = _grid.Attempt(older.Identity, _grid.Ask());
        var running = attempt.MoveNextAsync();
        await older.NextJobAsync();

        await using var newer = await _grid.JoinAsync(_key);

        var goodbye = await older.GoodbyeAsync();
        goodbye.Reason.Should().Be(Reason.Replaced);
        goodbye.RetryAfter.Should().BePositive("two nodes with one key must not replace each other all the time");
        (await running).Should().BeFalse();
        attempt.Failure!.Value.Outcome.Should().Be(AttemptOutcome.Lost);
        await newer.PingAsync();
        await using var second = _grid.Attempt(newer.Identity, _grid.Ask());
        _ = second.MoveNextAsync().AsTask();
        await newer.NextJobAsync();
    }

    [Fact]
    public async Task Join_ReplacedNodeHangsUp_TheNewerSessionStays()
    {
        await using var older = await _grid.JoinAsync(_key);
        await using var newer = await _grid.JoinAsync(_key);
        await older.ExpectGoodbyeAsync(Reason.Replaced);

        await older.DisposeAsync();
        await newer.PingAsync();

        (await _grid.StandingOfAsync(newer.Identity))!.State.Should().NotBe(MinerState.Gone);
        await newer.DisposeAsync();
        await Poll.UntilAsync(
            () => _grid.StandingOfAsync(newer.Identity), static miner => miner!.State == MinerState.Gone, Patience);
    }

    [Fact]
    public async Task Welcome_SameIdentityWithoutOffer_ReplacesNothing()
    {
        await using var older = await _grid.JoinAsync(_key);
        await using var newer = await _grid.WelcomeAsync(_key);

        await older.PingAsync();

        await newer.OfferAsync();
        await older.ExpectGoodbyeAsync(Reason.Replaced);
    }

    [Fact]
    public async Task Join_SameIdentityAgainAndAgain_OnlyTheLastStays()
    {
        var nodes = new List<RawNode>();
        for (var i = 0; i < 10; i++)
        {
            nodes.Add(await _grid.JoinAsync(_key));
        }

        foreach (var node in nodes[..^1])
        {
            await node.ExpectGoodbyeAsync(Reason.Replaced);
            await node.DisposeAsync();
        }

        await nodes[^1].PingAsync();
        _grid.Sessions.All.Count(session => session.MinerId == nodes[^1].Identity).Should().Be(1);
        await nodes[^1].DisposeAsync();
    }

    [Fact]
    public async Task Join_SameIdentityManyAtOnce_ExactlyOneStays()
    {
        // All of them shake hands first, so that the offers meet.
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _grid.WelcomeAsync(_key)));

        await Task.WhenAll(nodes.Select(static node => node.SendAsync(node.Offer())));
        var ends = nodes.Select(static node => node.GoodbyeAsync()).ToList();
        for (var left = ends.ToList(); left.Count > 1;)
        {
            var ended = await Task.WhenAny(left);
            (await ended).Reason.Should().Be(Reason.Replaced);
            left.Remove(ended);
        }

        var last = nodes[ends.FindIndex(static end => !end.IsCompleted)];
        await last.SendAsync(new Status());
        _grid.Sessions.Find(last.Identity).Should().NotBeNull();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }
}
