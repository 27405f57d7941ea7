using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Routing;

/// <summary>A miner of a <see cref="RoutingTable"/>.</summary>
internal sealed class RoutedMiner(MinerStanding standing)
{
    /// <summary>What is known of it.</summary>
    public MinerStanding Standing { get; set; } = standing;

    /// <summary>Jobs that were routed to it and have not ended.</summary>
    public int Jobs { get; set; }

    /// <summary>Tokens of cache that these jobs may come to need.</summary>
    public long PromisedTokens { get; set; }

    /// <summary>
    /// Tokens of the largest request that it can take now: none without a free slot, and no more than its cache has left when its jobs
    /// have made all tokens that they may make. A cache of 0 tokens is one that the miner does not report.
    /// </summary>
    public int Room
    {
        get
        {
            var (offer, cache) = (Standing.Offer, Standing.Status.CacheTokens);
            return Jobs >= offer.Slots ? 0
                : cache <= 0 ? offer.ContextTokens
                : (int)Math.Clamp(cache - PromisedTokens, 0, offer.ContextTokens);
        }
    }

    /// <summary>The miners of its profile that get jobs, if it is one of them.</summary>
    public CostTree? Tree { get; set; }

    /// <summary>Its leaf in <see cref="Tree"/>; -1 without one.</summary>
    public int Leaf { get; set; } = -1;
}
