using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>
/// The record of a cluster that all its silos share: their statuses, and a lease for each silo that is not dead. Only
/// the record's own clock tells whether a lease has run out. Each method is one transaction.
/// </summary>
internal interface IMembershipTable
{
    /// <summary>Makes the record if it is missing.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    Task<MembershipView> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Reads the version, and the leases that were not renewed for a time.</summary>
    Task<TableReading> PollAsync(TimeSpan lateAfter, CancellationToken cancellationToken);

    /// <summary>Renews a silo's lease, if it still has one, and polls.</summary>
    Task<TableReading> RenewAsync(
        SiloAddress silo, TimeSpan lease, TimeSpan lateAfter, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a silo as Joining, with a lease, unless a silo has one at its endpoint. Returns the lease that is there
    /// then, or null if the address was used before.
    /// </summary>
    Task<SiloLease?> JoinAsync(LocalNode silo, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Raises a silo's status. Nothing happens if it is that high already, or dead.</summary>
    Task SetStatusAsync(LocalNode silo, SiloStatus status, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a silo's lease away and declares it dead, if the lease has run out or, when one is named, if its last
    /// renewal is still that one. False if not, or if it was dead before.
    /// </summary>
    Task<bool> TryDeclareDeadAsync(SiloAddress silo, long? lastRenewal, CancellationToken cancellationToken);

    /// <summary>Declares the silo itself dead.</summary>
    Task LeaveAsync(SiloAddress silo, CancellationToken cancellationToken);

    /// <summary>Forgets the silos that have been dead for a time.</summary>
    Task ForgetDeadAsync(TimeSpan age, CancellationToken cancellationToken);
}
