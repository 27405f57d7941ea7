using System.Collections.Immutable;

namespace Orleans.Runtime.MembershipService.SiloMetadata;

/// <summary>What a silo says of itself: names and values that mean nothing to the runtime.</summary>
public record SiloMetadata
{
    /// <summary>The metadata of a silo that says nothing, or is not known.</summary>
    public static SiloMetadata Empty { get; } = new();

    /// <summary>The values by name.</summary>
    public ImmutableDictionary<string, string> Metadata { get; internal init; } =
        ImmutableDictionary<string, string>.Empty;
}
