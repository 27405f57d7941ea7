using Orleans.Runtime.Placement;

namespace Orleans.Conformance.Tests.Placement;

public sealed class CustomPlacementTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private static readonly SiloAddress Nowhere = SiloAddress.New(System.Net.IPAddress.Loopback, 1, 1);

    private SiloAddress[] Active => [.. silos.Cluster.Silos.Select(static silo => silo.SiloAddress).Order()];

    [Fact]
    public async Task Director_CallsFromTheClient_AreActivatedWhereItSays()
    {
        for (var key = 0; key < 30; key++)
        {
            Assert.Equal(Active[key % 3].ToString(), await silos.Client.GetGrain<IDirectedGrain>(key).Silo());
        }
    }

    [Fact]
    public async Task Director_CallsFromEverySilo_AreActivatedWhereItSays()
    {
        var key = 100;
        foreach (var silo in silos.Cluster.Silos)
        {
            for (var end = key + 10; key < end; key++)
            {
                Assert.Equal(Active[key % 3].ToString(), await silo.GrainFactory().GetGrain<IDirectedGrain>(key).Silo());
            }
        }
    }

    [Fact]
    public async Task Director_ActiveGrain_IsNotAsked()
    {
        var grain = silos.Client.GetGrain<IDirectedGrain>(200);
        var before = await grain.Silo();
        RequestContext.Set(KeyPlacementDirector.NumberKey, 201);

        Assert.Equal(before, await grain.Silo());
    }

    [Fact]
    public async Task Director_ValuesOfTheCaller_AreSeen()
    {
        for (var number = 0; number < 3; number++)
        {
            RequestContext.Set(KeyPlacementDirector.NumberKey, number);

            Assert.Equal(Active[number].ToString(), await silos.Client.GetGrain<IDirectedGrain>(300 + number).Silo());
        }
    }

    [Fact]
    public async Task Hint_ActiveSilo_IsTaken()
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Active[1]);

        for (var key = 400; key < 410; key++)
        {
            Assert.Equal(Active[1].ToString(), await silos.Client.GetGrain<IRandomGrain>(key).Silo());
            Assert.Equal(Active[1].ToString(), await silos.Client.GetGrain<IHashedGrain>(key).Silo());
            Assert.Equal(Active[1].ToString(), await silos.Client.GetGrain<IDirectedGrain>(key).Silo());
        }
    }

    [Fact]
    public async Task Hint_UnknownSilo_IsIgnored()
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, Nowhere);

        Assert.Equal(Active[0].ToString(), await silos.Client.GetGrain<IDirectedGrain>(501).Silo());
    }

    [Fact]
    public async Task Director_NotRegistered_TheCallFailsAndNamesTheStrategy()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(silos.Client.GetGrain<IUndirectedGrain>(1).Silo);

        Assert.Contains(nameof(UndirectedPlacement), error.Message, StringComparison.Ordinal);
    }
}
