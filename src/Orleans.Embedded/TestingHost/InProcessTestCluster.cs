using System.Collections.ObjectModel;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Hosting;
using Orleans.Embedded.InMemory;
using Orleans.Embedded.TestingHost;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.TestingHost;

/// <summary>A cluster of silos in this process and a client outside of all of them, for tests.</summary>
public sealed class InProcessTestCluster : IDisposable, IAsyncDisposable
{
    private const int FirstSiloPort = 11111;
    private const int FirstGatewayPort = 30000;
    private readonly InMemoryCluster _cluster = new();
    private readonly List<InProcessSiloHandle> _silos = [];
    private readonly Lock _lock = new();
    private IHost? _clientHost;
    private int _started;

    internal InProcessTestCluster(InProcessTestClusterOptions options)
    {
        Options = options;
    }

    /// <summary>The settings.</summary>
    public InProcessTestClusterOptions Options { get; }

    /// <summary>The silos that run, in the order they were started.</summary>
    public ReadOnlyCollection<InProcessSiloHandle> Silos
    {
        get
        {
            lock (_lock)
            {
                return _silos.Where(static silo => silo.IsActive).ToList().AsReadOnly();
            }
        }
    }

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">
    /// The cluster is not deployed, or was told not to connect a client.
    /// </exception>
    public IClusterClient Client => _clientHost?.Services.GetRequiredService<IClusterClient>()
        ?? throw new InvalidOperationException(
            "The client is not connected. Call DeployAsync or InitializeClientAsync first.");

    /// <summary>Starts the silos and connects the client.</summary>
    public async Task DeployAsync()
    {
        await StartSilosAsync(Options.InitialSilosCount);
        if (Options.InitializeClientOnDeploy)
        {
            await InitializeClientAsync();
        }
    }

    /// <summary>Connects the client.</summary>
    public async Task InitializeClientAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = Options.ClusterId;
                cluster.ServiceId = Options.ServiceId;
            });
            client.Services.AddInMemoryCluster(_ => _cluster);
        });
        foreach (var configure in Options.ClientHostConfigurationDelegates)
        {
            configure(builder);
        }

        _clientHost = builder.Build();
        await _clientHost.StartAsync();
    }

    /// <summary>Starts one more silo.</summary>
    public async Task<InProcessSiloHandle> StartAdditionalSiloAsync()
    {
        return (await StartSilosAsync(1))[0];
    }

    /// <summary>Starts more silos.</summary>
    /// <param name="silosToStart">How many.</param>
    public async Task<List<InProcessSiloHandle>> StartSilosAsync(int silosToStart)
    {
        var started = new List<InProcessSiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartSiloAsync(Interlocked.Increment(ref _started) - 1));
        }

        return started;
    }

    /// <summary>Stops a silo in good order.</summary>
    /// <param name="instance">The silo.</param>
    public Task StopSiloAsync(InProcessSiloHandle instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return EndSiloAsync(instance, stopGracefully: true);
    }

    /// <summary>Ends a silo as by a crash: its grains are not told, and calls to it fail.</summary>
    /// <param name="instance">The silo.</param>
    public Task KillSiloAsync(InProcessSiloHandle instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return EndSiloAsync(instance, stopGracefully: false);
    }

    /// <summary>Stops a silo in good order and starts it again: same name and endpoint, higher generation.</summary>
    /// <param name="instance">The silo.</param>
    public async Task<InProcessSiloHandle?> RestartSiloAsync(InProcessSiloHandle instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await EndSiloAsync(instance, stopGracefully: true);
        return await StartSiloAsync(instance.InstanceNumber);
    }

    /// <summary>Stops all silos in good order.</summary>
    public async Task StopAllSilosAsync()
    {
        foreach (var silo in Silos)
        {
            await StopSiloAsync(silo);
        }
    }

    /// <summary>The services of a silo's host.</summary>
    /// <param name="silo">The silo; null for the first that runs.</param>
    public IServiceProvider GetSiloServiceProvider(SiloAddress? silo = null)
    {
        var found = Silos.FirstOrDefault(handle => silo is null || handle.SiloAddress.Equals(silo));
        return found?.ServiceProvider
            ?? throw new ArgumentException($"No silo {silo} runs in the cluster.", nameof(silo));
    }

    /// <summary>Returns when all silos know who is a member now.</summary>
    /// <param name="didKill">Whether a silo was killed before.</param>
    public async Task WaitForLivenessToStabilizeAsync(bool didKill = false)
    {
        HashSet<SiloAddress> silos = [.. Silos.Select(static silo => silo.SiloAddress)];
        var nodes = Silos.Select(static silo => silo.ServiceProvider).ToList();
        if (_clientHost is not null)
        {
            nodes.Add(_clientHost.Services);
        }

        foreach (var node in nodes)
        {
            await UntilActiveAsync(node.GetRequiredService<IClusterMembership>(), silos);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_clientHost is not null)
        {
            await _clientHost.StopAsync();
            _clientHost.Dispose();
            _clientHost = null;
        }

        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }
    }

    private static async Task UntilActiveAsync(IClusterMembership membership, HashSet<SiloAddress> silos)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = membership.Watch((_, view) => Check(view));
        Check(membership.Current);
        await reached.Task;

        void Check(MembershipView view)
        {
            if (silos.SetEquals(view.Active))
            {
                reached.TrySetResult();
            }
        }
    }

    private async Task<InProcessSiloHandle> StartSiloAsync(int instanceNumber)
    {
        var options = new InProcessTestSiloSpecificOptions
        {
            SiloName = $"Silo_{instanceNumber}",
            SiloPort = FirstSiloPort + instanceNumber,
            GatewayPort = FirstGatewayPort + instanceNumber,
        };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => ConfigureSilo(silo, options));
        foreach (var configure in Options.SiloHostConfigurationDelegates)
        {
            configure(options, builder);
        }

        var host = builder.Build();
        await host.StartAsync();
        var handle = new InProcessSiloHandle
        {
            InstanceNumber = (short)instanceNumber,
            Name = options.SiloName,
            SiloHost = host,
            SiloAddress = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress,
        };
        lock (_lock)
        {
            _silos.Add(handle);
        }

        return handle;
    }

    private void ConfigureSilo(ISiloBuilder silo, InProcessTestSiloSpecificOptions options)
    {
        silo.Configure<SiloOptions>(silo => silo.SiloName = options.SiloName);
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = Options.ClusterId;
            cluster.ServiceId = Options.ServiceId;
        });
        silo.Configure<EndpointOptions>(endpoint =>
        {
            endpoint.AdvertisedIPAddress = IPAddress.Loopback;
            endpoint.SiloPort = options.SiloPort;
            endpoint.GatewayPort = options.GatewayPort;
        });
        silo.Services.AddInMemoryCluster(_ => _cluster);
        silo.Services.AddSingleton<ISiloProbe, InMemorySiloProbe>();
        silo.Services.AddSingleton<IFatalHandler, InProcessFatalHandler>();
    }

    private async Task EndSiloAsync(InProcessSiloHandle instance, bool stopGracefully)
    {
        await instance.StopSiloAsync(stopGracefully);
        await instance.DisposeAsync();
        lock (_lock)
        {
            _silos.Remove(instance);
        }
    }
}
