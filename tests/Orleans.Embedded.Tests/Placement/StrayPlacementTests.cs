using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Placement;

/// <summary>A director that chooses a silo which cannot have the grain.</summary>
public sealed class StrayPlacementTests : IAsyncLifetime
{
    private readonly StrayChoice _choice = new();
    private InProcessTestCluster? _cluster;

    private InProcessTestCluster Cluster => _cluster!;

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(2, silo =>
        {
            silo.Services.AddSingleton(_choice);
            silo.AddPlacementDirector<StrayPlacement, StrayDirector>();
        });
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Director_ChoosesSiloThatIsNoMember_TheCallFailsAndTheNextOneIsPlacedAnew(bool fromASilo)
    {
        var grain = (fromASilo ? Cluster.Silos[0].GrainFactory() : Cluster.Client).GetGrain<IStrayGrain>(1);
        foreach (var choice in new[] { SiloAddress.New(IPAddress.Loopback, 1, 1), null })
        {
            _choice.Silo = choice;
            var error = await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.Silo().Within("the stray call"));
            Assert.Contains(nameof(StrayDirector), error.Message, StringComparison.Ordinal);
            Assert.Contains($"{grain.GetGrainId()}", error.Message, StringComparison.Ordinal);
        }

        _choice.Silo = Cluster.Silos[1].SiloAddress;
        Assert.Equal(Cluster.Silos[1].SiloAddress.ToString(), await grain.Silo().Within("the next call"));
    }

    [Fact]
    public async Task Director_ChoosesSiloThatStopped_TheCallFails()
    {
        _choice.Silo = Cluster.Silos[1].SiloAddress;
        await Cluster.StopSiloAsync(Cluster.Silos[1]);

        await Assert.ThrowsAsync<SiloUnavailableException>(
            () => Cluster.Client.GetGrain<IStrayGrain>(2).Silo().Within("the call"));
    }
}
