using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners;
using FluentAssertions;
using static BTTInferGrid.Grains.Tests.Routing.Standings;

namespace BTTInferGrid.Grains.Tests.Miners;

public sealed class MinerFeedTests
{
    private readonly MinerFeed _feed = new("silo");

    [Fact]
    public void Next_FirstMiner_IsACompleteReportAtOnce()
    {
        _feed.Set(Of("m")).Should().BeTrue();

        _feed.Next().Should().BeEquivalentTo(Report("silo", 1, isComplete: true, Of("m")));
    }

    [Fact]
    public void Next_ReportUnderWay_ChangesGoWithTheNextOneAndOnlyTheNewest()
    {
        _feed.Set(Of("m"));
        var first = _feed.Next()!;
        _feed.Set(Of("m", MinerState.Suspended));
        _feed.Set(Of("m", MinerState.Probing));
        _feed.Next().Should().BeNull();

        _feed.Acknowledge(first, isKnown: true).Should().BeFalse();

        _feed.Next().Should().BeEquivalentTo(Report("silo", 2, isComplete: false, Of("m", MinerState.Probing)));
    }

    [Fact]
    public void Next_OnlyTheStatusChanged_WaitsForTheSecond()
    {
        _feed.Set(Of("m"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Set(Of("m", running: 3)).Should().BeFalse();
        _feed.Next().Should().BeNull();

        _feed.Beat();

        _feed.Next()!.Miners.Should().Equal(Of("m", running: 3));
    }

    [Fact]
    public void Next_NothingChanged_IsAnEmptyReportEverySecond()
    {
        _feed.Set(Of("m"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Set(Of("m"));
        _feed.Next().Should().BeNull();

        _feed.Beat();

        _feed.Next().Should().BeEquivalentTo(Report("silo", 2, isComplete: false));
    }

    [Fact]
    public void Next_NoMiners_IsNoReport()
    {
        _feed.Set(Of("m", MinerState.Gone)).Should().BeFalse();
        _feed.Beat();

        _feed.Next().Should().BeNull();
    }

    [Fact]
    public void Acknowledge_UnknownToTheGrain_SendsACompleteReportAtOnce()
    {
        _feed.Set(Of("m"));
        _feed.Set(Of("n"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Beat();

        _feed.Acknowledge(_feed.Next()!, isKnown: false);

        var complete = _feed.Next()!;
        complete.Should().BeEquivalentTo(Report("silo", 3, isComplete: true, Of("m"), Of("n")));
        _feed.Acknowledge(complete, isKnown: false);
        _feed.Next().Should().BeNull("a complete report that is not enough must not go round");
    }

    [Fact]
    public void Fail_Report_IsCompleteTheNextSecond()
    {
        _feed.Set(Of("m"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Set(Of("m", MinerState.Suspended));
        _feed.Next();

        _feed.Fail().Should().BeTrue();
        _feed.Next().Should().BeNull();
        _feed.Beat();
        var report = _feed.Next()!;
        report.Should().BeEquivalentTo(Report("silo", 3, isComplete: true, Of("m", MinerState.Suspended)));
        _feed.Fail().Should().BeFalse("it is the same outage");
        _feed.Beat();

        _feed.Acknowledge(_feed.Next()!, isKnown: true).Should().BeTrue();
    }

    [Fact]
    public void Acknowledge_Gone_ForgetsTheMinerUnlessItIsBack()
    {
        _feed.Set(Of("m"));
        _feed.Set(Of("n"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Set(Of("m", MinerState.Gone));
        _feed.Set(Of("n", MinerState.Gone));
        var gone = _feed.Next()!;
        _feed.Set(Of("n", reason: "it is back."));
        _feed.Acknowledge(gone, isKnown: true);

        _feed.Next()!.Miners.Should().Equal(Of("n", reason: "it is back."));
        _feed.Set(Of("m")).Should().BeTrue("it was forgotten");
    }

    [Fact]
    public void Acknowledge_LastMinerGone_StopsTheReportsUntilThereIsAnother()
    {
        _feed.Set(Of("m"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Set(Of("m", MinerState.Gone));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Beat();
        _feed.Next().Should().BeNull();

        _feed.Set(Of("n"));

        _feed.Next().Should().BeEquivalentTo(Report("silo", 3, isComplete: true, Of("n")));
    }

    [Fact]
    public void End_Feed_ReportsAllGoneAndTakesNoMore()
    {
        _feed.Set(Of("m"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);

        var last = _feed.End("its silo stops.", Now)!;

        last.Miners.Should().Equal(Of("m", MinerState.Gone, "its silo stops."));
        _feed.Acknowledge(last, isKnown: true);
        _feed.Set(Of("n")).Should().BeFalse();
        _feed.Beat();
        _feed.Next().Should().BeNull();
    }

    [Fact]
    public void Remove_MinerOfThisModel_IsGone()
    {
        _feed.Set(Of("m"));
        _feed.Acknowledge(_feed.Next()!, isKnown: true);
        _feed.Remove("unknown", "it serves another model.", Now);
        _feed.Next().Should().BeNull();

        _feed.Remove("m", "it serves another model.", Now);

        _feed.Next()!.Miners.Should().Equal(Of("m", MinerState.Gone, "it serves another model."));
    }
}
