using BTTInferGrid.Accounts;

namespace BTTInferGrid.Grains.Accounts;

/// <summary>
/// A token bucket: holds at most what a minute brings, and is refilled evenly. It counts in units that each tick of time
/// brings a whole number of, so that nothing is lost to rounding: <c>0 &lt;= level &lt;= limit * ticks of a minute</c>.
/// </summary>
/// <param name="limit">What a minute brings; 1 to <see cref="ApiKeyLimits.Largest"/>.</param>
internal sealed class RateBucket(int limit)
{
    private readonly long _full = limit * TimeSpan.TicksPerMinute;
    private long _level = limit * TimeSpan.TicksPerMinute;

    public int Limit => limit;

    private int Remaining => (int)(_level / TimeSpan.TicksPerMinute);

    public RateLimitStatus Status => new(limit, Remaining, TimeFor(_full - _level));

    /// <summary>Adds what the time brought.</summary>
    public void Refill(TimeSpan elapsed)
    {
        var ticks = Math.Min(elapsed.Ticks, TimeSpan.TicksPerMinute);
        _level = Math.Min(_full, _level + (ticks * limit));
    }

    /// <summary>How long until so much is there; zero when it is.</summary>
    public TimeSpan WaitFor(int amount) =>
        TimeFor(Math.Max(0, (amount * TimeSpan.TicksPerMinute) - _level));

    /// <summary>Takes what is there.</summary>
    public void Take(int amount) => _level -= amount * TimeSpan.TicksPerMinute;

    /// <summary>Puts back what was taken and not used.</summary>
    public void GiveBack(int amount) => _level = Math.Min(_full, _level + (amount * TimeSpan.TicksPerMinute));

    private TimeSpan TimeFor(long missing) => TimeSpan.FromTicks((missing + limit - 1) / limit);
}
