using System.ComponentModel.DataAnnotations;

namespace BTTInferGrid.Grains.Miners;

/// <summary>When the grid trusts a miner.</summary>
public sealed class MinerOptions
{
    /// <summary>Failed jobs in a row after which a miner gets no more until it has passed a probe; at least 1.</summary>
    [Range(1, 1000)]
    public int FailuresBeforeSuspension { get; set; } = 3;

    /// <summary>How long after its first failure a miner is probed again; it doubles with each further one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MinProbePause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time between two probes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxProbePause { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What the latest job counts when a miner's speed is averaged, above 0 and at most 1.</summary>
    [Range(0.01, 1.0)]
    public double SpeedWeight { get; set; } = 0.2;

    /// <summary>How often the record of how the jobs went is stored while nothing else is.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SavePeriod { get; set; } = TimeSpan.FromSeconds(30);
}
