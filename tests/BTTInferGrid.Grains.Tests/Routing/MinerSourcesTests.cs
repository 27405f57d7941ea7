using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Routing;
using BTTInferGrid.Testing;
using FluentAssertions;
using static BTTInferGrid.Grains.Tests.Routing.Standings;

namespace BTTInferGrid.Grains.Tests.Routing;

public sealed class MinerSourcesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private readonly TestClock _clock = new();
    private readonly RoutingTable _table = new(new RoutingOptions(), new Random(1));
    private readonly MinerSources _sources;

    public MinerSourcesTests() => _sources = new MinerSources(_table, _clock);

    [Fact]
    public void Apply_UnknownSource_NeedsACompleteReport()
    {
        _sources.Apply(Report("a", 7, isComplete: false, Of("m"))).Should().BeFalse();
        _table.Standings.Should().BeEmpty();

        _sources.Apply(Report("a", 8, isComplete: true, Of("m"))).Should().BeTrue();
        _table.Active.Should().Be(1);
    }

    [Fact]
    public void Apply_ChangesInSequence_AreTakenIn()
    {
        _sources.Apply(Report("a", 1, isComplete: true, Of("m"), Of("n")));

        _sources.Apply(Report("a", 2, isComplete: false, Of("n", MinerState.Draining, "it is about to stop."))).Should().BeTrue();
        _sources.Apply(Report("a", 3, isComplete: false)).Should().BeTrue();

        State("m").Should().Be(MinerState.Active);
        State("n").Should().Be(MinerState.Draining);
    }

    [Fact]
    public void Apply_MissingReport_NeedsACompleteOne()
    {
        _sources.Apply(Report("a", 1, isComplete: true, Of("m")));

        _sources.Apply(Report("a", 3, isComplete: false, Of("m", MinerState.Draining))).Should().BeFalse();

        State("m").Should().Be(MinerState.Active);
        _sources.Apply(Report("a", 4, isComplete: true, Of("m", MinerState.Draining))).Should().BeTrue();
        State("m").Should().Be(MinerState.Draining);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Apply_ReportThatALaterOneOvertook_ChangesNothing(bool isComplete)
    {
        _sources.Apply(Report("a", 5, isComplete: true, Of("m", MinerState.Suspended)));

        _sources.Apply(Report("a", 4, isComplete, Of("m"), Of("n"))).Should().BeTrue();
        _sources.Apply(Report("a", 5, isComplete, Of("m"), Of("n"))).Should().BeTrue();

        State("m").Should().Be(MinerState.Suspended);
        _table.Standings.Should().HaveCount(1);
    }

    [Fact]
    public void Apply_CompleteReport_EndsTheOthersOfItsSource()
    {
        _sources.Apply(Report("a", 1, isComplete: true, Of("m"), Of("n")));
        _sources.Apply(Report("b", 1, isComplete: true, Of("o")));

        _sources.Apply(Report("a", 2, isComplete: true, Of("n")));

        State("m").Should().Be(MinerState.Gone);
        State("n").Should().Be(MinerState.Active);
        State("o").Should().Be(MinerState.Active);
    }

    [Fact]
    public void Apply_GoneFromAnOlderSource_LeavesTheMinerWithTheNewOne()
    {
        _sources.Apply(Report("old", 1, isComplete: true, Of("m")));
        _sources.Apply(Report("new", 1, isComplete: true, Of("m", reason: "it moved.")));

        _sources.Apply(Report("old", 2, isComplete: false, Of("m", MinerState.Gone, "its connection ended.")));

        State("m").Should().Be(MinerState.Active);
        Standing("m").Reason.Should().Be("it moved.");
    }

    [Fact]
    public void Apply_LateReportOfAnOlderSource_LeavesTheMinerWithTheNewOneWhenItEnds()
    {
        _sources.Apply(Report("old", 1, isComplete: true, Of("m")));
        _sources.Apply(Report("new", 1, isComplete: true, Of("m", reason: "it moved.")));
        _sources.Apply(Report("old", 2, isComplete: false, Of("m", running: 3)));

        _sources.Apply(Report("old", 3, isComplete: false, Of("m", MinerState.Gone, "its connection ended.")));

        Standing("m").Reason.Should().Be("it moved.");
        _sources.Apply(Report("new", 2, isComplete: false, Of("m", MinerState.Gone, "its connection ended.")));
        State("m").Should().Be(MinerState.Gone);
    }

    [Fact]
    public void RemoveSilent_SourceThatStopped_LosesWhatNoOtherHas()
    {
        _sources.Apply(Report("a", 1, isComplete: true, Of("m"), Of("moved")));
        _sources.Apply(Report("b", 1, isComplete: true, Of("moved"), Of("n")));
        _clock.Advance(Limit);
        _sources.RemoveSilent(Limit).Should().BeEmpty();
        _sources.Apply(Report("b", 2, isComplete: false));
        _clock.Advance(TimeSpan.FromTicks(1));

        _sources.RemoveSilent(Limit).Should().Equal(("a", 2));

        Standing("m").Should().BeEquivalentTo(new
        {
            State = MinerState.Gone,
            Reason = "its silo stopped reporting.",
            Since = _clock.GetUtcNow(),
        });
        State("moved").Should().Be(MinerState.Active);
        State("n").Should().Be(MinerState.Active);
        _sources.Apply(Report("a", 2, isComplete: false, Of("m"))).Should().BeFalse("it is forgotten");
    }

    private MinerState State(string minerId) => Standing(minerId).State;

    private MinerStanding Standing(string minerId) => _table.Standings.Single(one => one.Offer.MinerId == minerId);
}
