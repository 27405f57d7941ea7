using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Routing;
using BTTInferGrid.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace BTTInferGrid.Grains.Tests.Routing;

/// <summary>Silos with the grid's grains, and no miners but those that a test reports.</summary>
public sealed class RoutingCluster : IAsyncLifetime
{
    /// <summary>How long a test waits for what must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly InProcessTestCluster _cluster;

    public RoutingCluster()
        : this(1)
    {
    }

    private RoutingCluster(short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddIncomingGrainCallFilter(FailIfBroken);
            silo.AddMemoryGrainStorageAsDefault();
            silo.AddGrid();
            silo.Services.Configure<RoutingOptions>(static options => options.SilentFor = TimeSpan.FromSeconds(2));
        });
        _cluster = builder.Build();
    }

    /// <summary>A model whose grain answers no report; null for none.</summary>
    public string? BrokenModel { get; set; }

    /// <summary>Reports that it has not answered.</summary>
    public int Failures { get; private set; }

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>A silo of the cluster.</summary>
    public SiloAddress Silo => _cluster.Silos[0].SiloAddress;

    public static async Task<RoutingCluster> StartAsync(short silos)
    {
        var cluster = new RoutingCluster(silos);
        await cluster.InitializeAsync();
        return cluster;
    }

    public async Task InitializeAsync() => await _cluster.DeployAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    /// <summary>The silo that a model's grain is on, and another.</summary>
    public async Task<(InProcessSiloHandle Silo, InProcessSiloHandle? Other)> SilosOfAsync(string model)
    {
        var grain = Grains.GetGrain<IModelGrain>(model);
        await grain.ActiveMiners();
        var address = await Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return (_cluster.Silos.Single(silo => silo.SiloAddress.Equals(address)),
            _cluster.Silos.FirstOrDefault(silo => !silo.SiloAddress.Equals(address)));
    }

    /// <summary>Stops a silo as an operator does.</summary>
    public async Task StopAsync(InProcessSiloHandle silo) => await _cluster.StopSiloAsync(silo);

    /// <summary>What a silo's miner grains report to.</summary>
    internal static MinerPublisher Publisher(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<MinerPublisher>();

    /// <summary>Waits until a model's grain knows a miner in a state.</summary>
    public async Task<MinerStanding> WaitForAsync(string model, string minerId, MinerState state)
    {
        var miners = await Poll.UntilAsync(
            Grains.GetGrain<IModelGrain>(model).Miners,
            miners => miners.Any(one => one.Offer.MinerId == minerId && one.State == state),
            Patience);
        return miners.Single(one => one.Offer.MinerId == minerId);
    }

    private Task FailIfBroken(IIncomingGrainCallContext call)
    {
        if (call.ImplementationMethod.Name == nameof(IModelGrain.Publish) && call.TargetId.Key.ToString() == BrokenModel)
        {
            Failures++;
            throw new OrleansException("The test breaks it.");
        }

        return call.Invoke();
    }
}
