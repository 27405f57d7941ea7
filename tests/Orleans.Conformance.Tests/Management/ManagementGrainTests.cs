using Orleans.TestingHost;

namespace Orleans.Conformance.Tests.Management;

public sealed class ManagementGrainTests : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    private InProcessTestCluster Cluster => _cluster!;

    private IManagementGrain Management => Cluster.Client.GetGrain<IManagementGrain>(0);

    private HashSet<SiloAddress> Running => [.. Cluster.Silos.Select(static silo => silo.SiloAddress)];

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(3);
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }

    [Fact]
    public async Task GetHosts_OneSiloStopped_IsDeadAndNotAmongTheActive()
    {
        Assert.True(Running.SetEquals((await Management.GetHosts()).Keys));
        var stopped = Cluster.Silos[2];

        await Cluster.StopSiloAsync(stopped);
        await Cluster.WaitForLivenessToStabilizeAsync();

        var all = await Management.GetHosts();
        var active = await Management.GetHosts(onlyActive: true);
        Assert.Equal(SiloStatus.Dead, all[stopped.SiloAddress]);
        Assert.True(Running.SetEquals(active.Keys));
        Assert.All(active.Values, static status => Assert.Equal(SiloStatus.Active, status));
    }

    [Fact]
    public async Task GetDetailedHosts_OfEachSilo_HaveNameStatusAndStartTime()
    {
        var entries = await Management.GetDetailedHosts(onlyActive: true);

        Assert.Equal(3, entries.Length);
        foreach (var silo in Cluster.Silos)
        {
            var entry = entries.Single(entry => entry.SiloAddress.Equals(silo.SiloAddress));
            Assert.Equal(silo.Name, entry.SiloName);
            Assert.Equal(SiloStatus.Active, entry.Status);
            Assert.InRange(TimeProvider.System.GetUtcNow().UtcDateTime - entry.StartTime, TimeSpan.Zero, TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task Statistics_GrainsOnAllSilos_AreListedWhereTheyAre()
    {
        var silos = new Dictionary<GrainId, string>();
        for (var key = 0; key < 30; key++)
        {
            var grain = Cluster.Client.GetGrain<IRandomGrain>(key);
            silos.Add(grain.GetGrainId(), await grain.Silo());
        }

        var listed = (await Management.GetDetailedGrainStatistics()).Where(item => silos.ContainsKey(item.GrainId)).ToList();

        Assert.Equal(30, listed.Count);
        Assert.All(listed, item => Assert.Equal(silos[item.GrainId], item.SiloAddress.ToString()));
        var type = Assert.Single(listed.Select(static item => item.GrainType).Distinct());
        Assert.StartsWith(typeof(RandomGrain).FullName!, type, StringComparison.Ordinal);
        var one = await Management.GetDetailedGrainStatistics([type], [Cluster.Silos[1].SiloAddress]);
        Assert.Equal(
            silos.Where(silo => silo.Value == Cluster.Silos[1].SiloAddress.ToString()).Select(static silo => silo.Key).Order(),
            one.Select(static item => item.GrainId).Order());
        var counted = await Management.GetSimpleGrainStatistics();
        Assert.True(counted.Where(item => item.GrainType == type).Sum(static item => item.ActivationCount) >= 30);
        Assert.True(await Management.GetTotalActivationCount() >= 30);
    }

    [Fact]
    public async Task GetActiveGrains_OfAType_AreThoseOfAllSilos()
    {
        var called = new List<GrainId>();
        for (var key = 0; key < 30; key++)
        {
            var grain = Cluster.Client.GetGrain<IHashedGrain>(key);
            await grain.Silo();
            called.Add(grain.GetGrainId());
        }

        Assert.Equal(called.Order(), (await Management.GetActiveGrains(called[0].Type)).Order());
    }

    [Fact]
    public async Task GetActivationAddress_OfAGrain_IsItsSiloWhileItIsActive()
    {
        var grain = Cluster.Client.GetGrain<IRandomGrain>(1);
        Assert.Null(await Management.GetActivationAddress(grain));

        var silo = await grain.Silo();

        Assert.Equal(silo, (await Management.GetActivationAddress(grain))?.ToString());
    }

    [Fact]
    public async Task ForceActivationCollection_IdleGrains_EndAndBusyOnesStay()
    {
        var idle = Cluster.Client.GetGrain<IIdleGrain>("collected", typeof(IdleGrain).FullName);
        var busy = Cluster.Client.GetGrain<IIdleGrain>("not collected", typeof(IdleGrain).FullName);
        var kept = Cluster.Client.GetGrain<IIdleGrain>("kept", typeof(KeptIdleGrain).FullName);
        await Task.WhenAll(idle.Ping(), kept.Ping());
        var call = busy.Await("collection over");
        await Signals.Await("collection over awaited");

        await Management.ForceActivationCollection(TimeSpan.Zero).Within("the collection");

        await Signals.Await($"collected {DeactivationReasonCode.ActivationIdle}");
        Assert.Equal([busy.GetGrainId()], await Management.GetActiveGrains(busy.GetGrainId().Type));
        Assert.Equal([kept.GetGrainId()], await Management.GetActiveGrains(kept.GetGrainId().Type));
        Signals.Set("collection over");
        await call.Within("the busy grain's call");
    }
}
