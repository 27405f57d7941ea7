namespace Orleans.Conformance.Tests.Placement;

public sealed class PlacementTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact]
    public async Task PreferLocal_CallFromASilo_ActivatesThere()
    {
        foreach (var (silo, key) in silos.Cluster.Silos.Select(static (silo, index) => (silo, index)))
        {
            var grain = silo.GrainFactory().GetGrain<ILocalGrain>(key);

            Assert.Equal(silo.SiloAddress.ToString(), await grain.Silo());
        }
    }

    [Fact]
    public async Task Random_ManyGrains_UsesAllSilos()
    {
        var used = new HashSet<string>();
        for (var key = 0; key < 100; key++)
        {
            used.Add(await silos.Client.GetGrain<IRandomGrain>(key).Silo());
        }

        Assert.Equal(3, used.Count);
    }

    [Fact]
    public async Task HashBased_ManyGrains_UsesAllSilos()
    {
        var used = new HashSet<string>();
        for (var key = 0; key < 100; key++)
        {
            used.Add(await silos.Client.GetGrain<IHashedGrain>(key).Silo());
        }

        Assert.Equal(3, used.Count);
    }
}
