namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>How a cluster of processes is made.</summary>
internal sealed record ClusterSettings
{
    public int Silos { get; init; } = 4;

    /// <summary>Edge silos, which know all core silos as gateways.</summary>
    public int Edges { get; init; }

    /// <summary>Lease of a silo; null for the runtime's own.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Whether a proxy that can fail stands between the silos and their database.</summary>
    public bool HasProxy { get; init; }
}
