using Microsoft.Extensions.Hosting;

namespace Orleans.TestingHost;

/// <summary>Settings of a test cluster.</summary>
public sealed class InProcessTestClusterOptions
{
    /// <summary>Names the cluster.</summary>
    public string ClusterId { get; set; } = null!;

    /// <summary>Names the service.</summary>
    public string ServiceId { get; set; } = null!;

    /// <summary>Whether deployment connects the client too.</summary>
    public bool InitializeClientOnDeploy { get; set; }

    /// <summary>How many silos deployment starts.</summary>
    public short InitialSilosCount { get; set; }

    /// <summary>Configures each silo's host, in order.</summary>
    public List<Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder>> SiloHostConfigurationDelegates
    {
        get;
    } = [];

    /// <summary>Configures the client's host, in order.</summary>
    public List<Action<IHostApplicationBuilder>> ClientHostConfigurationDelegates { get; } = [];
}
