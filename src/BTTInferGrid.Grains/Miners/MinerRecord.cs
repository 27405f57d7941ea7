using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Miners;

/// <summary>What is stored of a miner.</summary>
[GenerateSerializer, Alias("grid.miner-record")]
internal sealed class MinerRecord
{
    [Id(0)]
    public MinerOffer? Offer { get; set; }

    [Id(1)]
    public MinerState State { get; set; } = MinerState.Gone;

    [Id(2)]
    public string Reason { get; set; } = "";

    [Id(3)]
    public DateTimeOffset Since { get; set; }

    [Id(4)]
    public MinerSpeed Speed { get; set; }

    [Id(5)]
    public MinerStats Stats { get; set; }

    /// <summary>Why the operator keeps it from jobs; null if they do not.</summary>
    [Id(6)]
    public string? SuspendedByOperator { get; set; }
}
