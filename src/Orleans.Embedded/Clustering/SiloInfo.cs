using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Orleans.Embedded.Clustering;

/// <summary>What a silo says of itself when it joins; it never changes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="StartTime">When it joined, in UTC.</param>
/// <param name="Metadata">What means nothing to the runtime.</param>
internal sealed record SiloInfo(string Name, DateTime StartTime, SiloMetadata Metadata)
{
    /// <summary>Of a silo that is not known.</summary>
    public static SiloInfo Unknown { get; } = new(string.Empty, default, SiloMetadata.Empty);
}
