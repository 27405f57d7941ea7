using BTTInferGrid.Accounts;
using BTTInferGrid.Grains.Accounts;

namespace BTTInferGrid.Grains.Tests.Accounts;

public sealed class RateBucketTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(999_999_937)]
    [InlineData(ApiKeyLimits.Largest)]
    public void Refill_InManyOddSteps_BringsExactlyTheLimitInAMinute(int limit)
    {
        var bucket = new RateBucket(limit);
        bucket.Take(limit);
        var step = TimeSpan.FromTicks(1_234_567);
        var left = TimeSpan.FromMinutes(1);
        for (; left > step; left -= step)
        {
            bucket.Refill(step);
        }

        Assert.Equal(left, bucket.Status.Reset);
        Assert.True(bucket.WaitFor(limit) > TimeSpan.Zero);
        bucket.Refill(left);

        Assert.Equal(new RateLimitStatus(limit, limit, TimeSpan.Zero), bucket.Status);
    }

    [Fact]
    public void Refill_LongTime_BringsNoMoreThanTheLimit()
    {
        var bucket = new RateBucket(ApiKeyLimits.Largest);
        bucket.Take(1);
        bucket.Refill(TimeSpan.MaxValue);

        Assert.Equal(ApiKeyLimits.Largest, bucket.Status.Remaining);
    }

    [Fact]
    public void WaitFor_AsLongAsItSays_IsThereThenAndNotATickBefore()
    {
        var bucket = new RateBucket(7);
        bucket.Take(7);
        var wait = bucket.WaitFor(3);

        bucket.Refill(wait - TimeSpan.FromTicks(1));
        Assert.Equal(2, bucket.Status.Remaining);
        bucket.Refill(TimeSpan.FromTicks(1));
        Assert.Equal(3, bucket.Status.Remaining);
        Assert.Equal(TimeSpan.Zero, bucket.WaitFor(3));
    }
}
