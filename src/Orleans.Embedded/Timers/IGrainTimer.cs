namespace Orleans.Runtime;

/// <summary>A timer of one activation. Disposing of it stops it; it also ends with its activation.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets when the timer ticks. Called from its own callback, it applies when that has ended.</summary>
    /// <param name="dueTime">
    /// The time to the next tick, 0 to about 49 days; <see cref="Timeout.InfiniteTimeSpan"/> for no tick.
    /// </param>
    /// <param name="period">
    /// The time from the end of a tick to the next one, with the same range; <see cref="Timeout.InfiniteTimeSpan"/> for
    /// a single tick.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    void Change(TimeSpan dueTime, TimeSpan period);
}
