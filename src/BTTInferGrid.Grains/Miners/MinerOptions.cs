using System.ComponentModel.DataAnnotations;

namespace BTTInferGrid.Grains.Miners;

/// <summary>When a miner gets jobs.</summary>
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

    /// <summary>Weight of the latest job in the average of a miner's speed, above 0 and at most 1.</summary>
    [Range(0.01, 1.0)]
    public double SpeedWeight { get; set; } = 0.2;

    /// <summary>How often statistics of a miner's jobs are stored while its state does not change.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SavePeriod { get; set; } = TimeSpan.FromSeconds(30);
}
