using Orleans.Runtime;

namespace Orleans.Embedded.Clustering;

/// <summary>Which silos the cluster has. Every view is a snapshot with a version, and views arrive in order.</summary>
internal interface IClusterMembership
{
    MembershipView Current { get; }

    /// <summary>Reads the first view and begins to follow the cluster. A silo then joins by its first status.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Calls back with the previous and the new view after each change, in order, until disposed.</summary>
    IDisposable Watch(Action<MembershipView, MembershipView> onChange);

    /// <summary>Makes sure that the current view is at least of a version, which another silo knows already.</summary>
    ValueTask RefreshAsync(MembershipVersion minimum, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes this silo's own status: Joining, Active, ShuttingDown, Dead, in this order and never back.
    /// </summary>
    Task UpdateStatusAsync(SiloStatus status, CancellationToken cancellationToken);

    /// <summary>Ends this silo's part without a word, as a crash does: the others find out as they would then.</summary>
    Task AbandonAsync();
}
