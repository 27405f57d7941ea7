using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Links;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Node.Tests.Links;

public sealed class FrontRotationTests
{
    private static readonly Uri A = new("https://a.example");
    private static readonly Uri B = new("https://b.example");
    private static readonly SessionEnd Lost = SessionEnd.Lost("it is gone");
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly TestClock _clock = new();
    private readonly FixedRandom _random = new();

    [Fact]
    public void Next_OneFrontThatIsGone_PausesTwiceAsLongEachTimeUpToTheLongest()
    {
        var rotation = Rotation(A);
        var pauses = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var (front, pause) = rotation.Next();
            front.Should().Be(A);
            pauses.Add(pause.TotalSeconds);
            _clock.Advance(pause);
            rotation.Ended(Lost, Short);
        }

        pauses.Should().Equal(0, 0.5, 1, 2, 4, 8, 16, 30, 30);
    }

    [Fact]
    public void Next_LeastRandomness_PausesHalfAsLong()
    {
        _random.Value = 0;
        var rotation = Rotation(A);
        var pauses = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            var (_, pause) = rotation.Next();
            pauses.Add(pause.TotalSeconds);
            _clock.Advance(pause);
            rotation.Ended(Lost, Short);
        }

        pauses.Should().Equal(0, 0.25, 0.5, 1);
    }

    [Fact]
    public void Next_AfterALongSession_PausesShortAgain()
    {
        var rotation = Rotation(A);
        for (var i = 0; i < 6; i++)
        {
            rotation.Next();
            rotation.Ended(Lost, Short);
        }

        rotation.Next().Pause.Should().BeGreaterThan(TimeSpan.FromSeconds(10));
        rotation.Ended(Lost, TimeSpan.FromMinutes(5));
        _clock.Advance(TimeSpan.FromMinutes(1));
        rotation.Next();
        rotation.Ended(Lost, TimeSpan.FromMinutes(5));

        rotation.Next().Pause.Should().Be(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void Next_AnotherFront_IsDialledAtOnceAndThenTheOneThatMayBeFirst()
    {
        var rotation = Rotation(A, B);
        rotation.Next().Should().Be((A, TimeSpan.Zero));
        rotation.Ended(Lost, Short);
        rotation.Next().Should().Be((B, TimeSpan.Zero));
        rotation.Ended(Lost, Short);
        rotation.Next().Should().Be((A, TimeSpan.FromSeconds(0.5)));
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        rotation.Ended(Lost, Short);

        // B's pause is over as well; A's has doubled.
        rotation.Next().Should().Be((B, TimeSpan.Zero));
    }

    [Fact]
    public void Next_AfterASessionThatLasted_BeginsAfterItsFront()
    {
        var rotation = Rotation(A, B);
        rotation.Next();
        rotation.Ended(Lost, Short);
        rotation.Next().Front.Should().Be(B);
        _clock.Advance(TimeSpan.FromHours(1));
        rotation.Ended(SessionEnd.Of(new Goodbye { Reason = Goodbye.Types.Reason.Stopping }), TimeSpan.FromHours(1));

        rotation.Next().Should().Be((A, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(Goodbye.Types.Reason.Replaced)]
    [InlineData(Goodbye.Types.Reason.NotAuthenticated)]
    [InlineData(Goodbye.Types.Reason.NotAdmitted)]
    [InlineData(Goodbye.Types.Reason.Outdated)]
    [InlineData(Goodbye.Types.Reason.BrokenProtocol)]
    public void Next_TurnedAway_DialsNoFrontBeforeTheLongestPause(Goodbye.Types.Reason reason)
    {
        _random.Value = 0;
        var rotation = Rotation(A, B);
        rotation.Next();
        rotation.Ended(SessionEnd.Of(new Goodbye { Reason = reason }), Short);

        rotation.Next().Pause.Should().Be(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(Goodbye.Types.Reason.Unspecified)]
    [InlineData(Goodbye.Types.Reason.Stopping)]
    [InlineData(Goodbye.Types.Reason.Busy)]
    [InlineData(Goodbye.Types.Reason.Silent)]
    [InlineData(Goodbye.Types.Reason.TooSlow)]
    [InlineData((Goodbye.Types.Reason)1000)]
    public void Next_OtherGoodbye_DialsAnotherFrontAtOnce(Goodbye.Types.Reason reason)
    {
        var rotation = Rotation(A, B);
        rotation.Next();
        rotation.Ended(SessionEnd.Of(new Goodbye { Reason = reason, RetryAfter = 100 }), Short);

        rotation.Next().Should().Be((B, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(100, 0, 100)]
    [InlineData(100, 1, 150)]
    [InlineData(uint.MaxValue, 0, 3600)]
    public void Next_RetryAfter_IsHonouredUpToAnHour(uint seconds, double random, double expected)
    {
        _random.Value = random;
        var rotation = Rotation(A);
        rotation.Next();
        rotation.Ended(
            SessionEnd.Of(new Goodbye { Reason = Goodbye.Types.Reason.Busy, RetryAfter = seconds }), Short);

        rotation.Next().Pause.TotalSeconds.Should().BeApproximately(expected, 0.001);
    }

    private FrontRotation Rotation(params Uri[] fronts) =>
        new(fronts, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30), _clock, _random);

    /// <summary>Says what the test wants.</summary>
    private sealed class FixedRandom : Random
    {
        public double Value { get; set; } = 1;

        public override double NextDouble() => Value;
    }
}
