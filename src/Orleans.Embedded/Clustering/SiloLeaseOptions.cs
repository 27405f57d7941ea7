namespace Orleans.Embedded.Clustering;

/// <summary>The lease by which a silo is a member of its cluster.</summary>
public sealed class SiloLeaseOptions
{
    /// <summary>
    /// How long a lease lasts after its renewal: others may declare a silo dead that has not renewed for so long.
    /// 10 seconds; more than <see cref="Margin"/> and <see cref="SuspectAfter"/>.
    /// </summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long before the end of its lease a silo stops to act. 2 seconds; 0 or more.</summary>
    public TimeSpan Margin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After how long without renewal a silo is asked for at its endpoint; it is dead if nobody listens there. 1.5
    /// seconds; more than the time between two renewals.
    /// </summary>
    public TimeSpan SuspectAfter { get; set; } = TimeSpan.FromSeconds(1.5);
}
