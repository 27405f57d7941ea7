using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests;

public sealed class ProcessPausesTests
{
    [Fact]
    public void Count_ClockThatTicksInTime_IsZero()
    {
        var clock = new ManualClock();
        using var pauses = new ProcessPauses(clock);

        for (var i = 0; i < 100; i++)
        {
            clock.Advance(ProcessPauses.Shortest / 2);
        }

        pauses.Count.Should().Be(0);
    }

    [Fact]
    public void IsRecent_AfterAPause_IsSoForAWhile()
    {
        var clock = new ManualClock();
        using var pauses = new ProcessPauses(clock);
        pauses.IsRecent.Should().BeFalse();

        clock.Advance(ProcessPauses.Shortest);
        pauses.IsRecent.Should().BeTrue();
        for (var passed = TimeSpan.Zero; passed < ProcessPauses.Aftermath; passed += ProcessPauses.Shortest / 2)
        {
            clock.Advance(ProcessPauses.Shortest / 2);
        }

        pauses.IsRecent.Should().BeFalse();
    }

    [Fact]
    public void Count_TickThatComesLate_IsOneMore()
    {
        var clock = new ManualClock();
        using var pauses = new ProcessPauses(clock);

        clock.Advance(ProcessPauses.Shortest);
        pauses.Count.Should().Be(1);
        clock.Advance(ProcessPauses.Shortest * 100);

        pauses.Count.Should().Be(2);
        pauses.Count.Should().Be(2);
    }
}
