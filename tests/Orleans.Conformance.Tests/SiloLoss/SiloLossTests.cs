using Orleans.TestingHost;

namespace Orleans.Conformance.Tests.SiloLoss;

public sealed class SiloLossTests : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    private InProcessTestCluster Cluster => _cluster!;

    private IClusterClient Client => Cluster.Client;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(3);
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }

    [Fact]
    public async Task Kill_GrainsThere_ActivateElsewhereAtTheNextCall()
    {
        var (silo, key) = await SiloOfSomeGrainAsync("elsewhere");
        var caller = Cluster.Silos.First(other => other != silo).GrainFactory();

        await Cluster.KillSiloAsync(silo);
        await Cluster.WaitForLivenessToStabilizeAsync(didKill: true);

        Assert.NotEqual(silo.SiloAddress.ToString(), await Client.GetGrain<IProbeGrain>(key).Silo());
        Assert.Equal(0, await caller.GetGrain<IProbeGrain>(key).Peek());
    }

    [Fact]
    public async Task Stop_GrainsThere_FinishTheirRequestsAndDeactivate()
    {
        var (silo, key) = await SiloOfSomeGrainAsync("stopped");
        for (var i = 0; i < 30; i++)
        {
            await Client.GetGrain<ILifecycleGrain>($"stopped-{i}").Events();
        }

        var running = Client.GetGrain<IProbeGrain>(key).Hold("stopped running");
        await Signals.Await("stopped running in");
        var stop = Cluster.StopSiloAsync(silo);
        Assert.False(stop.IsCompleted);
        Signals.Set("stopped running out");

        await running.Within("the request that ran when the stop began");
        await stop.Within("the stop");

        var deactivated = Enumerable.Range(0, 30)
            .Count(static i => Signals.IsSet($"stopped-{i} deactivated 1 ShuttingDown"));
        var activatedAnew = 0;
        for (var i = 0; i < 30; i++)
        {
            activatedAnew += await Client.GetGrain<ILifecycleGrain>($"stopped-{i}").Events() == 21 ? 1 : 0;
        }

        Assert.True(deactivated > 0);
        Assert.Equal(deactivated, activatedAnew);
    }

    [Fact]
    public async Task Restart_Silo_ComesBackAsAnother()
    {
        var silo = Cluster.Silos[1];

        var again = await Cluster.RestartSiloAsync(silo);

        Assert.NotNull(again);
        Assert.Equal(3, Cluster.Silos.Count);
        Assert.Equal(silo.Name, again.Name);
        Assert.NotEqual(silo.SiloAddress, again.SiloAddress);
        Assert.Equal(
            again.SiloAddress.ToString(), await again.GrainFactory().GetGrain<ILocalGrain>(1).Silo());
    }

    [Fact]
    public async Task StartAdditionalSilo_NewGrains_ArePlacedThereToo()
    {
        var added = await Cluster.StartAdditionalSiloAsync();
        await Cluster.WaitForLivenessToStabilizeAsync();

        var used = new HashSet<string>();
        for (var key = 0; key < 100; key++)
        {
            used.Add(await Client.GetGrain<IRandomGrain>(key).Silo());
        }

        Assert.Contains(added.SiloAddress.ToString(), used);
        Assert.Equal(4, used.Count);
    }

    [Fact]
    public async Task Kill_ReferenceMadeByTheDeadSilo_StillWorksInOthers()
    {
        var (silo, key) = await SiloOfSomeGrainAsync("reference");
        var reference = silo.GrainFactory().GetGrain<IProbeGrain>(key);
        var holder = Client.GetGrain<IHolderGrain>("holder of a reference");
        while (await holder.Silo() == silo.SiloAddress.ToString())
        {
            holder = Client.GetGrain<IHolderGrain>($"{holder.GetPrimaryKeyString()}+");
        }

        await holder.Keep(reference);

        await Cluster.KillSiloAsync(silo);

        Assert.Equal("still", await holder.Echo("still"));
    }

    [Fact]
    public async Task Kill_AllSilos_CallsAreRefused()
    {
        foreach (var silo in Cluster.Silos)
        {
            await Cluster.KillSiloAsync(silo);
        }

        await Assert.ThrowsAnyAsync<OrleansException>(() => Client.GetGrain<IProbeGrain>("nowhere").Plain());
    }

    private async Task<(InProcessSiloHandle Silo, string Key)> SiloOfSomeGrainAsync(string key)
    {
        var address = await Client.GetGrain<IProbeGrain>(key).Silo();
        return (Cluster.Silos.Single(silo => silo.SiloAddress.ToString() == address), key);
    }
}
