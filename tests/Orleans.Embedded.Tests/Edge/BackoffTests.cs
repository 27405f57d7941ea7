using Orleans.Embedded.Edge;
using Orleans.Embedded.Networking;

namespace Orleans.Embedded.Tests.Edge;

public sealed class BackoffTests
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(8);

    [Fact]
    public void Next_FailureAfterFailure_DoublesUpToTheLongestAndStartsAnewAfterSuccess()
    {
        var backoff = new Backoff(Min, Max, new FixedRandom(1));

        Assert.Equal([1, 2, 4, 8, 8], Enumerable.Range(0, 5).Select(_ => backoff.Next(CloseCode.Lost).TotalSeconds));
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(Max, backoff.Next(CloseCode.Lost));
        }

        backoff.Reset();
        Assert.Equal(Min, backoff.Next(CloseCode.Lost));
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.75)]
    [InlineData(1, 1)]
    public void Next_HalfOfThePause_IsRandom(double random, double seconds)
    {
        Assert.Equal(seconds, new Backoff(Min, Max, new FixedRandom(random)).Next(CloseCode.Lost).TotalSeconds);
    }

    [Fact]
    public void Next_GatewayStops_IsNoPauseAtFirst()
    {
        var backoff = new Backoff(Min, Max, new FixedRandom(1));

        Assert.Equal(TimeSpan.Zero, backoff.Next(CloseCode.Stopping));
        Assert.NotEqual(TimeSpan.Zero, backoff.Next(CloseCode.Stopping));
    }

    [Fact]
    public void Next_TryingAgainChangesNothing_IsTheLongestPause()
    {
        CloseCode[] codes =
        [
            CloseCode.Replaced, CloseCode.NotAuthenticated, CloseCode.NotAdmitted, CloseCode.WrongCluster,
            CloseCode.VersionMismatch, CloseCode.Misbehaved,
        ];

        Assert.All(codes, static code => Assert.Equal(Max, new Backoff(Min, Max, new FixedRandom(1)).Next(code)));
    }
}
