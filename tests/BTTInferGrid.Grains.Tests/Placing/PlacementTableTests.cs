using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Placing;

namespace BTTInferGrid.Grains.Tests.Placing;

public sealed class PlacementTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PlacementTable _table = new(new PlacementOptions { Margin = 0 }, new Random(1));

    [Fact]
    public void Place_FasterMiner_Wins()
    {
        _table.Update(Miner("slow", decode: 10));
        _table.Update(Miner("fast", decode: 100));

        var placed = Place(out var trace);

        Assert.Equal("fast", placed!.Miner.MinerId);
        Assert.Equal(["fast", "slow"], trace.Finalists.Select(static one => one.MinerId));
        Assert.Equal("its cost is the lowest", trace.Decision);
    }

    [Fact]
    public void Place_LoadedMiner_LosesToAnIdleOneAndWinsAgainWhenReleased()
    {
        _table.Update(Miner("a", decode: 101));
        _table.Update(Miner("b", decode: 100));

        Assert.Equal("a", Place(out _)!.Miner.MinerId);
        Assert.Equal("b", Place(out _)!.Miner.MinerId);
        _table.Release("a");
        Assert.Equal("a", Place(out _)!.Miner.MinerId);
    }

    [Fact]
    public void Place_DearMiner_LosesToACheapOneAsFast()
    {
        _table.Update(Miner("dear", ask: new MinerAsk(0, 1_000_000)));
        _table.Update(Miner("cheap", ask: new MinerAsk(0, 1_000)));

        Assert.Equal("cheap", Place(out var trace)!.Miner.MinerId);
        Assert.Equal(100, trace.Finalists[0].Price);
    }

    [Fact]
    public void Place_MinerThatFailed_LosesToOneThatDidNot()
    {
        _table.Update(Miner("failed", decode: 101, failures: 1));
        _table.Update(Miner("good", decode: 100));

        Assert.Equal("good", Place(out _)!.Miner.MinerId);
    }

    [Fact]
    public void Place_KnownBeginning_GoesWhereItWasServed()
    {
        _table.Update(Miner("a", decode: 101));
        _table.Update(Miner("b", decode: 100));
        var prompt = Enumerable.Range(0, 400).ToArray();
        var prefixes = PromptPrefixes.Of("tenant", prompt);
        Assert.Equal("a", Place(out _)!.Miner.MinerId);
        Assert.Equal("b", Place(out _, prefixes, promptTokens: 400)!.Miner.MinerId);
        _table.Release("a");
        _table.Release("b");

        Assert.Equal("b", Place(out var trace, prefixes, promptTokens: 400)!.Miner.MinerId);
        Assert.Equal(384, trace.Finalists[0].CachedTokens);

        // Another tenant's cache is of no use.
        _table.Release("b");
        Assert.Equal("a", Place(out _, PromptPrefixes.Of("other", prompt), promptTokens: 400)!.Miner.MinerId);
    }

    [Fact]
    public void Place_NobodyFits_TellsWhyForEach()
    {
        _table.Update(Miner("gone") with { State = MinerState.Gone });
        _table.Update(Miner("small", context: 100));
        _table.Update(Miner("other", profile: "other"));
        _table.Update(Miner("tried"));

        Assert.Null(Place(out var trace, excluded: ["tried"]));

        Assert.Equal((4, 1, 1, 1, 1), (trace.Known, trace.NotActive, trace.OtherProfile, trace.TooSmall, trace.Excluded));
        Assert.Empty(trace.Finalists);
    }

    [Fact]
    public void Place_WithinTheMargin_IsDrawnAmongTheBestTwo()
    {
        var table = new PlacementTable(new PlacementOptions { Margin = 0.1 }, new Random(1));
        table.Update(Miner("a", decode: 101));
        table.Update(Miner("b", decode: 100));
        table.Update(Miner("far", decode: 10));
        var chosen = new HashSet<string>();
        for (var i = 0; i < 50; i++)
        {
            var placed = table.Place(Need(), out _)!;
            chosen.Add(placed.Miner.MinerId);
            table.Release(placed.Miner.MinerId);
        }

        Assert.Equal(["a", "b"], chosen.Order());
    }

    [Fact]
    public void Forget_MinersLongGone_KeepsTheOthersAndTheirJobs()
    {
        _table.Update(Miner("gone") with { State = MinerState.Gone });
        _table.Update(Miner("a", decode: 101));
        _table.Update(Miner("b", decode: 100));
        Assert.Equal("a", Place(out _)!.Miner.MinerId);

        _table.Forget(Now.AddHours(1));

        Assert.Equal(["a", "b"], _table.Standings.Select(static one => one.Offer.MinerId));
        Assert.Equal(2, _table.Active);
        Assert.Equal("b", Place(out _)!.Miner.MinerId);
    }

    private static MinerStanding Miner(
        string id, double decode = 100, int context = 1000, string profile = "profile", MinerAsk ask = default, int failures = 0) => new(
        new MinerOffer(id, "model", profile, context, 4, "zen4", ask), MinerState.Active, "", Now,
        new MinerSpeed(1000, decode), default, new MinerTally(0, failures, failures, 0));

    private static PlacementRequest Need(
        ImmutableArray<ulong> prefixes = default, int promptTokens = 100, ImmutableArray<string> excluded = default) =>
        new("job", "profile", promptTokens, 100, prefixes, excluded);

    private Placement? Place(
        out PlacementTrace trace, ImmutableArray<ulong> prefixes = default, int promptTokens = 100, ImmutableArray<string> excluded = default) =>
        _table.Place(Need(prefixes, promptTokens, excluded), out trace);
}
