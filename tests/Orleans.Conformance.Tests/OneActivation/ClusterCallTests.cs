namespace Orleans.Conformance.Tests.OneActivation;

public sealed class ClusterCallTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact]
    public async Task Calls_FromEverySilo_ReachTheSameActivation()
    {
        await silos.Client.GetGrain<IProbeGrain>("shared").Plain();

        var ids = await Task.WhenAll(silos.Cluster.Silos.Select(
            static silo => silo.GrainFactory().GetGrain<IProbeGrain>("shared").ActivationId()));

        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task FirstCalls_ConcurrentFromAllSilos_MakeOneActivation()
    {
        for (var round = 0; round < 50; round++)
        {
            var key = $"race-{round}";
            var calls = silos.Cluster.Silos
                .SelectMany(silo => Enumerable.Repeat(silo.GrainFactory().GetGrain<IProbeGrain>(key), 5))
                .Select(static grain => Task.Run(grain.ActivationId));

            var ids = await Task.WhenAll(calls).Within($"all first calls of round {round}");

            Assert.Single(ids.Distinct());
        }
    }

    [Fact]
    public async Task Call_FromGrainToGrainOnOtherSilos_Answers()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"{i}", await silos.Client.GetGrain<IProbeGrain>($"from-{i}").CallOther($"to-{i}", $"{i}"));
        }
    }

    [Fact]
    public async Task Call_RemoteGrainThrows_CallerGetsTheSameType()
    {
        for (var i = 0; i < 5; i++)
        {
            var grain = silos.Client.GetGrain<IProbeGrain>($"remote-throws-{i}");

            Assert.Equal("far", (await Assert.ThrowsAsync<NotSupportedException>(() => grain.Throw("far"))).Message);
        }
    }

    [Fact]
    public async Task Call_GrainMovedWhileAHintPointsToItsOldSilo_ReachesTheNewActivation()
    {
        var grain = silos.Client.GetGrain<IProbeGrain>("moves");
        for (var i = 0; i < 20; i++)
        {
            var before = await grain.ActivationId();
            await grain.DeactivateSoon();
            foreach (var silo in silos.Cluster.Silos)
            {
                Assert.NotEqual(before, await silo.GrainFactory().GetGrain<IProbeGrain>("moves").ActivationId());
            }
        }
    }

    [Fact]
    public async Task Stream_FromARemoteGrain_GivesAllItems()
    {
        for (var i = 0; i < 6; i++)
        {
            var sum = 0;
            await foreach (var item in silos.Client.GetGrain<IStreamGrain>($"remote-{i}").Range(500, $"remote-sum-{i}"))
            {
                sum += item;
            }

            Assert.Equal(499 * 500 / 2, sum);
        }
    }
}
