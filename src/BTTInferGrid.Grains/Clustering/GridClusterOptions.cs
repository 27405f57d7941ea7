using Orleans.Configuration;

namespace BTTInferGrid.Grains.Clustering;

/// <summary>The names that all processes of a grid have in common.</summary>
public static class GridClusterOptions
{
    /// <summary>The name of the cluster.</summary>
    public const string ClusterId = "bttgrid";

    /// <summary>The name of the service; what is stored in PostgreSQL is stored under it, so it must stay.</summary>
    public const string ServiceId = "bttgrid";

    /// <summary>
    /// How long a call waits for a silo that does not answer, from a client too, which is not told which silos are dead. Streams send a sign of life
    /// in half this time.
    /// </summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    internal static void Configure(ClusterOptions options)
    {
        options.ClusterId = ClusterId;
        options.ServiceId = ServiceId;
    }
}
