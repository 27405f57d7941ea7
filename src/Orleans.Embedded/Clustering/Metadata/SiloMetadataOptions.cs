using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Embedded.Clustering;

/// <summary>What this silo is configured to say of itself.</summary>
internal sealed class SiloMetadataOptions
{
    public SiloMetadata Metadata { get; private set; } = SiloMetadata.Empty;

    /// <summary>Adds values; a later one replaces an earlier one of the same name.</summary>
    public void Add(IEnumerable<KeyValuePair<string, string>> values)
    {
        Metadata = new SiloMetadata { Metadata = Metadata.Metadata.SetItems(values) };
    }
}
