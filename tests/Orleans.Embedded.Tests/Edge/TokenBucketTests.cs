using Orleans.Embedded.Edge;

namespace Orleans.Embedded.Tests.Edge;

public sealed class TokenBucketTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void TryTake_AtOnce_LetsTheBurstThroughAndNoMore()
    {
        Assert.Equal(3, TakeAll(new TokenBucket(perSecond: 2, burst: 3, _clock)));
    }

    [Fact]
    public void TryTake_Later_LetsThroughWhatTheTimeBrought()
    {
        var bucket = new TokenBucket(perSecond: 2, burst: 3, _clock);
        TakeAll(bucket);

        _clock.Advance(TimeSpan.FromSeconds(0.4));
        Assert.False(bucket.TryTake());
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, TakeAll(bucket));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, TakeAll(bucket));
    }

    [Fact]
    public void TryTake_MuchLater_LetsThroughNoMoreThanTheBurst()
    {
        var bucket = new TokenBucket(perSecond: 2, burst: 3, _clock);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(3, TakeAll(bucket));
    }

    private static int TakeAll(TokenBucket bucket)
    {
        var taken = 0;
        while (bucket.TryTake())
        {
            taken++;
        }

        return taken;
    }
}
