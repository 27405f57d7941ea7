using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>Where a grain is active: the entry that the grain directory keeps for it.</summary>
public sealed class GrainAddress : IEquatable<GrainAddress>
{
    /// <summary>The grain.</summary>
    public GrainId GrainId { get; init; }

    /// <summary>The activation.</summary>
    public ActivationId ActivationId { get; init; }

    /// <summary>The silo that hosts the activation.</summary>
    public SiloAddress? SiloAddress { get; init; }

    /// <summary>The membership view under which the entry was made.</summary>
    public MembershipVersion MembershipVersion { get; init; } = MembershipVersion.MinValue;

    /// <summary>Whether grain, activation and silo are all known.</summary>
    public bool IsComplete => !GrainId.IsDefault && !ActivationId.IsDefault && SiloAddress is not null;

    /// <summary>Whether both name the same activation on the same silo, whatever the view.</summary>
    /// <param name="other">The address compared with.</param>
    public bool Matches([NotNullWhen(true)] GrainAddress? other)
    {
        return other is not null
            && GrainId.Equals(other.GrainId)
            && ActivationId.Equals(other.ActivationId)
            && Equals(SiloAddress, other.SiloAddress);
    }

    /// <inheritdoc />
    public bool Equals(GrainAddress? other)
    {
        return Matches(other) && MembershipVersion == other.MembershipVersion;
    }

    /// <inheritdoc />
    public override bool Equals(object? obj)
    {
        return Equals(obj as GrainAddress);
    }

    /// <inheritdoc />
    public override int GetHashCode()
    {
        return HashCode.Combine(SiloAddress, GrainId, ActivationId);
    }

    /// <inheritdoc />
    public override string ToString()
    {
        return $"{GrainId} {ActivationId} on {SiloAddress}";
    }
}
