using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Differences;

/// <summary>Where the loss of a silo is noticed sooner, or loses less, than on Orleans.</summary>
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
    public async Task Kill_CallsPendingThere_FailWithSiloUnavailableAndNextCallsActivateElsewhere()
    {
        var (silo, key) = await SiloOfSomeGrainAsync("pending");
        var caller = Cluster.Silos.First(other => other != silo).GrainFactory();
        var fromClient = Client.GetGrain<IProbeGrain>(key).HoldInterleaved($"{key} client");
        var fromSilo = caller.GetGrain<IProbeGrain>(key).HoldInterleaved($"{key} silo");
        await Signals.Await($"{key} client in");
        await Signals.Await($"{key} silo in");

        await Cluster.KillSiloAsync(silo);
        await Cluster.WaitForLivenessToStabilizeAsync(didKill: true);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => fromClient.Within("the client's broken call"));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => fromSilo.Within("the silo's broken call"));
        Assert.NotEqual(silo.SiloAddress.ToString(), await Client.GetGrain<IProbeGrain>(key).Silo());
        Assert.Equal(0, await caller.GetGrain<IProbeGrain>(key).Peek());
    }

    [Fact]
    public async Task Kill_StreamsFromThere_Fail()
    {
        var key = "stream-0";
        var silo = await SiloOfStreamAsync(key);
        await using var items = Client.GetGrain<IStreamGrain>(key).OnSignal(1, "killed stream").GetAsyncEnumerator();
        var move = items.MoveNextAsync().AsTask();
        await Signals.Await("killed stream started");

        await Cluster.KillSiloAsync(silo);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => move.Within("the broken move"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_ConsumerBetweenTwoMoves_TheNextOneSaysThatTheSiloIsGone(bool consumerIsASilo)
    {
        var key = $"between-{consumerIsASilo}";
        var silo = await SiloOfStreamAsync(key);
        var consumer = consumerIsASilo ? Cluster.Silos.First(other => other != silo).GrainFactory() : Client;
        Signals.Set($"{key} 0");
        await using var items = consumer.GetGrain<IStreamGrain>(key).OnSignal(2, key).GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());

        await Cluster.KillSiloAsync(silo);
        await Cluster.WaitForLivenessToStabilizeAsync(didKill: true);

        var error = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => items.MoveNextAsync().AsTask().Within("the next move"));
        Assert.Contains(silo.SiloAddress.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_GrainsThere_AreNotTold()
    {
        var silo = Cluster.Silos[0];
        for (var i = 0; i < 30; i++)
        {
            await Client.GetGrain<ILifecycleGrain>($"killed-{i}").Events();
        }

        await Cluster.KillSiloAsync(silo);

        var numbers = new List<int>();
        for (var i = 0; i < 30; i++)
        {
            numbers.Add(await Client.GetGrain<ILifecycleGrain>($"killed-{i}").Events());
            Assert.False(Signals.IsSet($"killed-{i} deactivated 1 ShuttingDown"));
        }

        Assert.Contains(21, numbers);
        Assert.Contains(11, numbers);
    }

    [Fact]
    public async Task Kill_StoredState_SurvivesOnAnotherSilo()
    {
        for (var i = 0; i < 10; i++)
        {
            await Client.GetGrain<IStateGrain>($"survivor-{i}").Set(i);
        }

        await Cluster.KillSiloAsync(Cluster.Silos[0]);
        await Cluster.KillSiloAsync(Cluster.Silos[0]);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i, await Client.GetGrain<IStateGrain>($"survivor-{i}").Balance());
        }
    }

    [Fact]
    public async Task Stop_CallsAllTheWhile_NoneFails()
    {
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                await Client.GetGrain<IProbeGrain>($"all the while {(caller * 31) + (i % 20)}").Increment(1);
                Signals.Set($"all the while caller {caller} round {i / 20}");
            }
        })).ToArray();
        await CallersReachAsync(round: 1);

        await Cluster.StopSiloAsync(Cluster.Silos[0]);
        await Cluster.StartAdditionalSiloAsync();
        await Cluster.StopSiloAsync(Cluster.Silos[0]);
        await Task.WhenAny(CallersReachAsync(round: 3), Task.WhenAll(callers));
        await done.CancelAsync();

        await Task.WhenAll(callers).Within("the callers");

        static Task CallersReachAsync(int round)
        {
            return Task.WhenAll(Enumerable.Range(0, 8).Select(
                caller => Signals.Await($"all the while caller {caller} round {round}")));
        }
    }

    [Fact]
    public async Task Restart_Silo_ComesBackWithAHigherGeneration()
    {
        var silo = Cluster.Silos[1];

        var again = await Cluster.RestartSiloAsync(silo);

        Assert.True(again!.SiloAddress.IsSuccessorOf(silo.SiloAddress));
    }

    private async Task<(InProcessSiloHandle Silo, string Key)> SiloOfSomeGrainAsync(string key)
    {
        var address = await Client.GetGrain<IProbeGrain>(key).Silo();
        return (Cluster.Silos.Single(silo => silo.SiloAddress.ToString() == address), key);
    }

    private async Task<InProcessSiloHandle> SiloOfStreamAsync(string key)
    {
        var address = await Client.GetGrain<IStreamGrain>(key).Silo();
        return Cluster.Silos.Single(silo => silo.SiloAddress.ToString() == address);
    }
}
