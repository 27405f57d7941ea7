namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>What the silos of the cluster say of themselves.</summary>
public interface ISiloMetadataCache
{
    /// <summary>What a silo says of itself; <see cref="SiloMetadata.Empty"/> if it says nothing or is not known.</summary>
    /// <param name="siloAddress">The silo.</param>
    SiloMetadata GetSiloMetadata(SiloAddress siloAddress);
}
