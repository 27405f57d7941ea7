using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Routing;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Routing;

public sealed class RoutingTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly RoutingTable _table = new(new RoutingOptions { Margin = 0 }, new Random(1));

    [Fact]
    public void Route_FasterMiner_Wins()
    {
        _table.Update(Miner("slow", decode: 10));
        _table.Update(Miner("fast", decode: 100));

        var route = Route(out var trace);

        route!.Miner.MinerId.Should().Be("fast");
        trace.Finalists.Select(static one => one.MinerId).Should().Equal("fast", "slow");
        trace.Decision.Should().Be("its cost is the lowest");
    }

    [Fact]
    public void Route_LoadedMiner_LosesToAnIdleOneAndWinsAgainWhenReleased()
    {
        _table.Update(Miner("a", decode: 101));
        _table.Update(Miner("b", decode: 100));

        Route(out _)!.Miner.MinerId.Should().Be("a");
        Route(out _)!.Miner.MinerId.Should().Be("b");
        _table.Release("a", 0);
        Route(out _)!.Miner.MinerId.Should().Be("a");
    }

    [Fact]
    public void Route_DearMiner_LosesToACheapOneAsFast()
    {
        _table.Update(Miner("dear", ask: new MinerAsk(0, 1_000_000)));
        _table.Update(Miner("cheap", ask: new MinerAsk(0, 1_000)));

        Route(out var trace)!.Miner.MinerId.Should().Be("cheap");
        trace.Finalists[0].Price.Should().Be(100);
    }

    [Fact]
    public void Route_MinerThatFailed_LosesToOneThatDidNot()
    {
        _table.Update(Miner("failed", decode: 101, failures: 1));
        _table.Update(Miner("good", decode: 100));

        Route(out _)!.Miner.MinerId.Should().Be("good");
    }

    [Fact]
    public void Route_KnownBeginning_GoesWhereItWasServed()
    {
        _table.Update(Miner("a", decode: 101));
        _table.Update(Miner("b", decode: 100));
        var prompt = Enumerable.Range(0, 400).ToArray();
        var prefixes = PromptPrefixes.Of("tenant", prompt);
        Route(out _)!.Miner.MinerId.Should().Be("a");
        Route(out _, prefixes, promptTokens: 400)!.Miner.MinerId.Should().Be("b");
        _table.Release("a", 0);
        _table.Release("b", 0);

        Route(out var trace, prefixes, promptTokens: 400)!.Miner.MinerId.Should().Be("b");
        trace.Finalists[0].CachedTokens.Should().Be(384);

        // Another tenant's cache is of no use.
        _table.Release("b", 0);
        Route(out _, PromptPrefixes.Of("other", prompt), promptTokens: 400)!.Miner.MinerId.Should().Be("a");
    }

    [Fact]
    public void Route_NobodyFits_CountsTheReasons()
    {
        _table.Update(Miner("gone") with { State = MinerState.Gone });
        _table.Update(Miner("small", context: 100));
        _table.Update(Miner("other", profile: "other"));
        _table.Update(Miner("tried"));

        Route(out var trace, excluded: ["tried", "tried", "unknown"]).Should().BeNull();

        trace.Should().BeEquivalentTo(new { Known = 4, NotActive = 1, OtherProfile = 1, TooSmall = 1, Excluded = 1 });
        trace.Finalists.Should().BeEmpty();
    }

    [Fact]
    public void Route_FullMiner_IsPassedOverUntilAJobIsReleased()
    {
        _table.Update(Miner("fast", decode: 1000));
        for (var job = 0; job < 4; job++)
        {
            Route(out _)!.Miner.MinerId.Should().Be("fast", "it has 4 slots");
        }

        Route(out var full).Should().BeNull();
        full.Full.Should().Be(1);
        _table.Update(Miner("slow", decode: 1));
        Route(out _)!.Miner.MinerId.Should().Be("slow");
        _table.Release("fast", 0);
        Route(out _)!.Miner.MinerId.Should().Be("fast");
    }

    [Fact]
    public void Route_CacheThatJobsMayFill_IsCountedByWhatTheyMayComeTo()
    {
        var need = Need() with { PromptTokens = 100, MaxTokens = 200 };
        var cached = Miner("m") with { Status = new MinerStatus(0, 0, 700, 0, false) };
        _table.Update(cached);
        _table.Route(need, out _).Should().NotBeNull();
        _table.Route(need, out _).Should().NotBeNull();

        _table.Route(need, out var full).Should().BeNull("600 of 700 tokens are promised");
        (full.Full, full.TooSmall).Should().Be((1, 0));
        _table.Route(need with { MaxTokens = 0 }, out _).Should().NotBeNull("an embedding takes no cache");
        _table.Release("m", RoutingTable.CacheTokens(need));
        _table.Update(cached);
        _table.Route(need, out _).Should().NotBeNull();
    }

    [Fact]
    public void Route_WithinTheMargin_IsDrawnAmongTheBestTwo()
    {
        var table = new RoutingTable(new RoutingOptions { Margin = 0.1 }, new Random(1));
        table.Update(Miner("a", decode: 101));
        table.Update(Miner("b", decode: 100));
        table.Update(Miner("far", decode: 10));
        var chosen = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            var minerId = table.Route(Need(), out _)!.Miner.MinerId;
            chosen.Add(minerId);
            table.Release(minerId, 0);
        }

        chosen.Should().BeEquivalentTo("a", "b");
    }

    [Fact]
    public void Forget_MinersLongGone_KeepsTheOthersAndTheirJobs()
    {
        _table.Update(Miner("gone") with { State = MinerState.Gone });
        _table.Update(Miner("a", decode: 101));
        _table.Update(Miner("b", decode: 100));
        Route(out _)!.Miner.MinerId.Should().Be("a");

        _table.Forget(Now.AddHours(1));

        _table.Standings.Select(static one => one.Offer.MinerId).Should().BeEquivalentTo("a", "b");
        _table.Active.Should().Be(2);
        Route(out _)!.Miner.MinerId.Should().Be("b");
    }

    [Fact]
    public void Route_HolderOfTheBeginningThatWasTried_IsNotChosen()
    {
        _table.Update(Miner("a", decode: 101));
        _table.Update(Miner("b", decode: 100));
        var prefixes = PromptPrefixes.Of("tenant", Enumerable.Range(0, 400).ToArray());
        Route(out _, prefixes, promptTokens: 400)!.Miner.MinerId.Should().Be("a");

        var route = Route(out var trace, prefixes, promptTokens: 400, excluded: ["a"]);

        route!.Miner.MinerId.Should().Be("b");
        trace.Excluded.Should().Be(1);
        trace.Decision.Should().Be("the only one left");
    }

    [Fact]
    public void Update_MinerOfAnotherProfileThanBefore_ServesOnlyTheNewOne()
    {
        _table.Update(Miner("a"));
        _table.Update(Miner("a", profile: "other"));

        Route(out var trace).Should().BeNull();
        trace.OtherProfile.Should().Be(1);
        _table.Active.Should().Be(1);
        _table.Route(Need() with { Profile = "other" }, out _)!.Miner.MinerId.Should().Be("a");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Route_SpeedThatNobodyMeasured_IsTheLastChoice(double decode)
    {
        _table.Update(Miner("unmeasured", decode: decode));
        _table.Update(Miner("slow", decode: 2));

        Route(out _)!.Miner.MinerId.Should().Be("slow");
    }

    [Fact]
    public void Route_TokensBeyondEveryContext_AreTooManyForAll()
    {
        _table.Update(Miner("a", context: int.MaxValue));

        _table.Route(Need() with { PromptTokens = int.MaxValue, MaxTokens = int.MaxValue }, out var trace).Should().BeNull();

        trace.TooSmall.Should().Be(1);
    }

    private static MinerStanding Miner(
        string id, double decode = 100, int context = 1000, string profile = "profile", MinerAsk ask = default, int failures = 0) => new(
        new MinerOffer(id, "model", profile, context, 4, "zen4", ask), MinerState.Active, "", Now,
        new MinerSpeed(1000, decode), default, new MinerStats(0, failures, failures, 0));

    private static RouteRequest Need(
        ImmutableArray<ulong> prefixes = default, int promptTokens = 100, ImmutableArray<string> excluded = default) =>
        new("job", "profile", promptTokens, 100, prefixes, excluded);

    private Route? Route(
        out RouteTrace trace, ImmutableArray<ulong> prefixes = default, int promptTokens = 100, ImmutableArray<string> excluded = default) =>
        _table.Route(Need(prefixes, promptTokens, excluded), out trace);
}
