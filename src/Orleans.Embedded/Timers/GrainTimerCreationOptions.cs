using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain timer ticks, and how its ticks stand to requests.</summary>
public readonly struct GrainTimerCreationOptions
{
    /// <summary>Makes options whose times are set by an initialiser.</summary>
    public GrainTimerCreationOptions()
    {
    }

    /// <summary>Makes options.</summary>
    /// <param name="dueTime">The value of <see cref="DueTime"/>.</param>
    /// <param name="period">The value of <see cref="Period"/>.</param>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>
    /// The time to the first tick, 0 to about 49 days; <see cref="Timeout.InfiniteTimeSpan"/> for none until the timer
    /// is changed.
    /// </summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>
    /// The time from the end of a tick to the next one, with the same range; <see cref="Timeout.InfiniteTimeSpan"/> for
    /// a single tick.
    /// </summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether ticks may run while a request runs. Otherwise a tick waits its turn as a request does.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether a tick counts as use, so that the activation is not collected for being idle.</summary>
    public bool KeepAlive { get; init; }
}
