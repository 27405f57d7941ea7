using System.Collections.Immutable;
using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>One version of the cluster's membership.</summary>
internal sealed class MembershipView
{
    private readonly ImmutableDictionary<SiloAddress, SiloInfo> _info;

    /// <param name="version">The number of the view.</param>
    /// <param name="members">The silos.</param>
    /// <param name="info">What they say of themselves; who does not know it leaves it away.</param>
    public MembershipView(
        MembershipVersion version,
        ImmutableDictionary<SiloAddress, SiloStatus> members,
        ImmutableDictionary<SiloAddress, SiloInfo>? info = null)
    {
        Version = version;
        Members = members;
        _info = info ?? ImmutableDictionary<SiloAddress, SiloInfo>.Empty;
        Active = [.. members.Where(static member => member.Value == SiloStatus.Active)
            .Select(static member => member.Key).Order()];
    }

    public static MembershipView Empty { get; } =
        new(MembershipVersion.MinValue, ImmutableDictionary<SiloAddress, SiloStatus>.Empty);

    public MembershipVersion Version { get; }

    public ImmutableDictionary<SiloAddress, SiloStatus> Members { get; }

    /// <summary>The silos that take new grains, in an order that all silos agree on.</summary>
    public ImmutableArray<SiloAddress> Active { get; }

    public SiloStatus StatusOf(SiloAddress silo)
    {
        return Members.GetValueOrDefault(silo, SiloStatus.None);
    }

    public SiloInfo InfoOf(SiloAddress silo)
    {
        return _info.GetValueOrDefault(silo, SiloInfo.Unknown);
    }

    /// <summary>Whether a silo is declared dead, or is not known and so was forgotten long ago.</summary>
    public bool IsDead(SiloAddress silo)
    {
        return StatusOf(silo) is SiloStatus.Dead or SiloStatus.None;
    }

    public IEnumerable<SiloAddress> NewlyDead(MembershipView previous)
    {
        return previous.Members.Keys.Where(silo => IsDead(silo) && !previous.IsDead(silo));
    }
}
