namespace Orleans.Embedded.Clustering;

/// <summary>
/// Keeps a silo that cannot prove that it is a member from doing what only members may. Past a time of its own clock,
/// which each renewal of its lease moves, the silo starts no requests and gives no answers; others may take its grains
/// over only later. A silo without a lease is never fenced.
/// </summary>
internal sealed class SiloFence(TimeProvider clock)
{
    private const long Never = long.MaxValue;
    private const long ForGood = long.MinValue;
    private long _from = Never;

    public bool IsUp
    {
        get
        {
            var from = Volatile.Read(ref _from);
            return from != Never && clock.GetTimestamp() >= from;
        }
    }

    /// <summary>Whether the fence is up at a timestamp of the clock, for who has one at hand.</summary>
    public bool IsUpAt(long timestamp)
    {
        return timestamp >= Volatile.Read(ref _from);
    }

    /// <summary>Sets the time from which on the fence is up; nothing happens if it is up for good.</summary>
    public void PutOff(long timestamp)
    {
        var from = Volatile.Read(ref _from);
        while (from != ForGood)
        {
            var before = Interlocked.CompareExchange(ref _from, timestamp, from);
            if (before == from)
            {
                return;
            }

            from = before;
        }
    }

    /// <summary>The silo is dead to the others: the fence is up and stays up.</summary>
    public void RaiseForGood()
    {
        Interlocked.Exchange(ref _from, ForGood);
    }
}
