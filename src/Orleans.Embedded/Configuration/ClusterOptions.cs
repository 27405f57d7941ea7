namespace Orleans.Configuration;

/// <summary>Names of the cluster.</summary>
public class ClusterOptions
{
    /// <summary>The cluster's name unless set.</summary>
    public const string DefaultClusterId = "default";

    /// <summary>The service's name unless set.</summary>
    public const string DefaultServiceId = "default";

    internal const string DevelopmentClusterId = "dev";

    internal const string DevelopmentServiceId = "dev";

    /// <summary>Names the cluster: silos with the same name find each other.</summary>
    public string ClusterId { get; set; } = DefaultClusterId;

    /// <summary>Names the service: what is stored under it outlives the cluster.</summary>
    public string ServiceId { get; set; } = DefaultServiceId;
}
