using System.ComponentModel.DataAnnotations;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>How much a job puts up with before it takes another miner.</summary>
public sealed class JobOptions
{
    /// <summary>Miners that one job is placed on at most, one after the other.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>
    /// How long a job that has lost its miner waits for another to be there. A job that never had one does not wait: its
    /// developer is told to come back.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReplacementTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a job that has lost its miner waits for room on another, while all are full.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RoomTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The least time that a miner may take for its first token, whatever its speed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The least time that a miner may take from one token to the next, whatever its speed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan NextTokenTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long in all a miner may let a job wait while it computes others.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many times longer than its measured speed says a miner may take, where that is longer than the least times:
    /// one that shares its engine among many requests gives each less.
    /// </summary>
    [Range(1.0, 1000.0)]
    public double SlowdownFactor { get; set; } = 20;

    /// <summary>Pause between two tries to place a job that has lost its miner and finds no other.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Jobs that have ended and whose traces a silo keeps, 1 or more. A trace takes some 2 KiB, so that these are 4 MiB,
    /// whatever the load.
    /// </summary>
    [Range(1, 1_000_000)]
    public int KeptTraces { get; set; } = 2000;
}
