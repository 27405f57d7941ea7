using Orleans.Runtime;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Embedded.Clustering;

/// <summary>What the silos say of themselves, which came with the view of the cluster.</summary>
internal sealed class SiloMetadataCache(IClusterMembership membership) : ISiloMetadataCache
{
    public SiloMetadata GetSiloMetadata(SiloAddress siloAddress)
    {
        return membership.Current.InfoOf(siloAddress).Metadata;
    }
}
