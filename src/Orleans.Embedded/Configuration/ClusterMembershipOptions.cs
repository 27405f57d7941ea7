namespace Orleans.Configuration;

/// <summary>How silos take part in a cluster and watch each other.</summary>
public class ClusterMembershipOptions
{
    /// <summary>How long a silo that was not heard of may take to answer a connection. 1 second; more than 0.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a client reads the membership table. 500 milliseconds; more than 0.</summary>
    public TimeSpan TableRefreshTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How often a silo renews its lease in the membership table, and reads it. 500 milliseconds; more than 0.
    /// </summary>
    public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long a silo or client that starts waits for a table that is not reachable. 1 minute; 0 for not at all.
    /// </summary>
    public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the rows of dead silos are kept. 7 days; 0 or more.</summary>
    public TimeSpan DefunctSiloExpiration { get; set; } = TimeSpan.FromDays(7);
}
