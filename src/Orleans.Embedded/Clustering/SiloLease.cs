using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>A silo's right to act, as the membership table has it.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Renewal">The number of the last renewal.</param>
/// <param name="Age">The time since then, by the table's clock.</param>
/// <param name="HasRunOut">Whether it was not renewed in time, by the table's clock.</param>
/// <param name="IsOwn">Whether the reader took it, and not another process with the same address.</param>
internal sealed record SiloLease(SiloAddress Silo, long Renewal, TimeSpan Age, bool HasRunOut, bool IsOwn = false);

/// <summary>What a look at the membership table shows.</summary>
/// <param name="Version">The version of the cluster's view.</param>
/// <param name="HasLease">Whether the silo that renewed its lease has one.</param>
/// <param name="Late">The leases of other silos that were not renewed lately.</param>
internal sealed record TableReading(MembershipVersion Version, bool HasLease, IReadOnlyList<SiloLease> Late);
