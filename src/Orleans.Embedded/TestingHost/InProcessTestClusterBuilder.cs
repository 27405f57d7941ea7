using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Orleans.TestingHost;

/// <summary>Describes a cluster of silos in this process, for tests.</summary>
public sealed class InProcessTestClusterBuilder
{
    /// <summary>Describes a cluster of two silos.</summary>
    public InProcessTestClusterBuilder()
        : this(2)
    {
    }

    /// <summary>Describes a cluster.</summary>
    /// <param name="initialSilosCount">How many silos deployment starts.</param>
    public InProcessTestClusterBuilder(short initialSilosCount)
    {
        Options = new InProcessTestClusterOptions
        {
            InitialSilosCount = initialSilosCount,
            ClusterId = CreateClusterId(),
            ServiceId = Guid.NewGuid().ToString("N"),
            InitializeClientOnDeploy = true,
        };
    }

    /// <summary>The settings.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>Makes a name that no other test cluster has.</summary>
    public static string CreateClusterId()
    {
        return $"testcluster-{Guid.NewGuid():N}";
    }

    /// <summary>Configures the hosts of silos and client.</summary>
    /// <param name="configureDelegate">Configures one host.</param>
    public InProcessTestClusterBuilder ConfigureHost(Action<IHostApplicationBuilder> configureDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add((_, host) => configureDelegate(host));
        Options.ClientHostConfigurationDelegates.Add(configureDelegate);
        return this;
    }

    /// <summary>Configures the silos.</summary>
    /// <param name="configureSiloDelegate">Configures one silo.</param>
    public InProcessTestClusterBuilder ConfigureSilo(
        Action<InProcessTestSiloSpecificOptions, ISiloBuilder> configureSiloDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add(
            (options, host) => host.UseOrleans(silo => configureSiloDelegate(options, silo)));
        return this;
    }

    /// <summary>Configures the hosts of the silos.</summary>
    /// <param name="configureSiloHostDelegate">Configures one host.</param>
    public InProcessTestClusterBuilder ConfigureSiloHost(
        Action<InProcessTestSiloSpecificOptions, IHostApplicationBuilder> configureSiloHostDelegate)
    {
        Options.SiloHostConfigurationDelegates.Add(configureSiloHostDelegate);
        return this;
    }

    /// <summary>Configures the client.</summary>
    /// <param name="configureClientDelegate">Configures it.</param>
    public InProcessTestClusterBuilder ConfigureClient(Action<IClientBuilder> configureClientDelegate)
    {
        Options.ClientHostConfigurationDelegates.Add(host => host.UseOrleansClient(configureClientDelegate));
        return this;
    }

    /// <summary>Configures the host of the client.</summary>
    /// <param name="configureHostDelegate">Configures the host.</param>
    public InProcessTestClusterBuilder ConfigureClientHost(Action<IHostApplicationBuilder> configureHostDelegate)
    {
        Options.ClientHostConfigurationDelegates.Add(configureHostDelegate);
        return this;
    }

    /// <summary>Makes the cluster; <see cref="InProcessTestCluster.DeployAsync"/> starts it.</summary>
    public InProcessTestCluster Build()
    {
        return new InProcessTestCluster(Options);
    }
}
