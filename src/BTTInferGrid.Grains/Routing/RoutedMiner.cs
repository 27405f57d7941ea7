using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Routing;

/// <summary>A miner of a <see cref="RoutingTable"/>.</summary>
internal sealed class RoutedMiner(MinerStanding standing)
{
    /// <summary>What is known of it.</summary>
    public MinerStanding Standing { get; set; } = standing;

    /// <summary>Jobs that were routed to it and have not ended.</summary>
    public int Jobs { get; set; }

    /// <summary>The miners of its profile that get jobs, if it is one of them.</summary>
    public CostTree? Tree { get; set; }

    /// <summary>Its leaf in <see cref="Tree"/>; -1 without one.</summary>
    public int Leaf { get; set; } = -1;
}
