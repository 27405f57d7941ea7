namespace Orleans.Embedded.Tests.Differences;

/// <summary>Where a new grain goes can be told from its id alone.</summary>
public sealed class PlacementTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact]
    public async Task HashBased_ManyGrains_GoToTheSiloThatTheHashTells()
    {
        var active = silos.Cluster.Silos.Select(static silo => silo.SiloAddress).Order().ToArray();
        for (var key = 0; key < 100; key++)
        {
            var grain = silos.Client.GetGrain<IHashedGrain>(key);
            var expected = active[(int)(grain.GetGrainId().GetUniformHashCode() % 3)];

            Assert.Equal(expected.ToString(), await grain.Silo());
        }
    }
}
