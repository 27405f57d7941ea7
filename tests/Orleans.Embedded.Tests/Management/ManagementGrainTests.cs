using Orleans.Embedded.Tests.Networking;

namespace Orleans.Embedded.Tests.Management;

/// <summary>What is exact here and not on Orleans, and what crosses between processes.</summary>
public sealed class ManagementGrainTests
{
    [Fact]
    public async Task Statistics_OverTcp_CountEachActivationOnceAndNothingOfTheRuntimesOwn()
    {
        await using var cluster = await TcpCluster.StartAsync(2);
        for (var key = 0; key < 20; key++)
        {
            await cluster.Client.GetGrain<IRandomGrain>(key).Silo().Within($"call {key}");
        }

        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        var statistics = await management.GetSimpleGrainStatistics().Within("the statistics");

        var name = $"{typeof(RandomGrain).FullName},{typeof(RandomGrain).Assembly.GetName().Name}";
        Assert.Equal(20, Sum(statistics.Where(item => item.GrainType == name)));
        var own = Assert.Single(statistics, item => item.GrainType != name);
        Assert.Equal(1, own.ActivationCount);
        Assert.Equal(21, await management.GetTotalActivationCount().Within("the total"));
        Assert.Equal(2, (await management.GetDetailedHosts().Within("the silos")).Length);
        var grain = cluster.Client.GetGrain<IRandomGrain>(0);
        Assert.Equal(
            await grain.Silo(), (await management.GetActivationAddress(grain).AsTask().Within("the address"))?.ToString());
        Assert.Equal(20, (await management.GetActiveGrains(grain.GetGrainId().Type).AsTask().Within("the grains")).Count);
        await management.ForceActivationCollection(TimeSpan.Zero).Within("the collection");
        Assert.Null(await management.GetActivationAddress(grain).AsTask().Within("the address after it"));
    }

    [Fact]
    public async Task Statistics_SiloKilled_AreThoseOfTheOthersAndItsGrainsAreNotActive()
    {
        await using var cluster = await Clusters.StartAsync(3);
        var grain = cluster.Client.GetGrain<IRandomGrain>(1);
        var address = await grain.Silo();
        var killed = cluster.Silos.Single(silo => silo.SiloAddress.ToString() == address);

        await cluster.KillSiloAsync(killed);

        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        Assert.Null(await management.GetActivationAddress(grain));
        Assert.DoesNotContain(
            await management.GetSimpleGrainStatistics(), item => item.SiloAddress.Equals(killed.SiloAddress));
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => management.GetDetailedGrainStatistics(hostsIds: [killed.SiloAddress]));
        Assert.Contains(killed.SiloAddress.ToParsableString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_WhatMakesNoSense_IsRefused()
    {
        await using var cluster = await Clusters.StartAsync();
        var management = cluster.Client.GetGrain<IManagementGrain>(0);
        var unknown = cluster.Client.GetGrain(GrainId.Create("no such type", "x"));

        await Assert.ThrowsAsync<ArgumentException>(() => management.GetActivationAddress(unknown).AsTask());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => management.ForceActivationCollection(TimeSpan.FromSeconds(-1)));
    }

    private static int Sum(IEnumerable<SimpleGrainStatistic> statistics)
    {
        return statistics.Sum(static item => item.ActivationCount);
    }
}
