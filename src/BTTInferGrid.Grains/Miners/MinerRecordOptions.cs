namespace BTTInferGrid.Grains.Miners;

/// <summary>When the grid trusts a miner.</summary>
public sealed class MinerRecordOptions
{
    /// <summary>Failed jobs in a row after which a miner gets no more until it has passed a probe; at least 1.</summary>
    public int FailuresBeforeSuspension { get; set; } = 3;

    /// <summary>How long after its first failure a miner is probed again; it doubles with each further one.</summary>
    public TimeSpan MinProbePause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time between two probes.</summary>
    public TimeSpan MaxProbePause { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What the latest job counts when a miner's speed is averaged, above 0 and at most 1.</summary>
    public double SpeedWeight { get; set; } = 0.2;

    /// <summary>The model's grain is told at most this often what the miner is doing, however often the miner tells.</summary>
    public TimeSpan PublishPeriod { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the record of how the jobs went is stored while nothing else is.</summary>
    public TimeSpan SavePeriod { get; set; } = TimeSpan.FromSeconds(30);
}
