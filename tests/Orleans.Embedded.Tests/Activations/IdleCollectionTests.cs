using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Embedded.Activations;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Activations;

public sealed class IdleCollectionTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ManualClock _clock = new();
    private readonly string _name = $"idle {Guid.NewGuid():N}";
    private InProcessTestCluster? _cluster;

    private InProcessSiloHandle Silo => _cluster!.Silos[0];

    private ActivationRegistry Registry => Silo.ServiceProvider.GetRequiredService<ActivationRegistry>();

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(clock: _clock);
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
    }

    [Fact]
    public async Task Idle_ForTheSilosAge_EndsWithReasonAndTheNextCallMakesAnother()
    {
        var grain = Grain<IdleGrain>();
        await Settled(grain, grain.Ping());

        Pass(14);
        Assert.True(Silo.Hosts(grain.GetGrainId()));
        Pass(2);

        await Signals.Await($"{_name} {DeactivationReasonCode.ActivationIdle}");
        await EndOf(grain);
        await Settled(grain, grain.Ping());
        Assert.True(Silo.Hosts(grain.GetGrainId()));
    }

    [Fact]
    public async Task Used_BeforeItsTime_Stays()
    {
        var grain = Grain<IdleGrain>();
        await Settled(grain, grain.Ping());
        Pass(10);
        await Settled(grain, grain.Ping());

        Pass(10);

        Assert.True(Silo.Hosts(grain.GetGrainId()));
    }

    [Fact]
    public async Task Class_WithAgeLimit_EndsAfterThatAndNotBeforeOneMinute()
    {
        var grain = Grain<ShortLivedIdleGrain>();
        var least = Grain<ShortestLivedIdleGrain>();
        await Settled(grain, grain.Ping());
        await Settled(least, least.Ping());

        _clock.Advance(Minute * 0.9);
        Assert.True(Silo.Hosts(least.GetGrainId()));
        Pass(2);
        await EndOf(least);
        Assert.True(Silo.Hosts(grain.GetGrainId()));
        Pass(2);

        await EndOf(grain);
    }

    [Fact]
    public async Task Class_KeptAlive_NeverEnds()
    {
        var grain = Grain<KeptIdleGrain>();
        await Settled(grain, grain.Ping());

        Pass(10_000);

        Assert.True(Silo.Hosts(grain.GetGrainId()));
    }

    [Fact]
    public async Task Request_RunsForLong_ActivationStaysAndItsTimeBeginsAtTheEnd()
    {
        var grain = Grain<IdleGrain>();
        var request = grain.Await($"{_name} request");
        await Signals.Await($"{_name} request awaited");

        Pass(60);
        Assert.True(Silo.Hosts(grain.GetGrainId()));
        Signals.Set($"{_name} request");
        await Settled(grain, Task.CompletedTask);
        Pass(14);
        Assert.True(Silo.Hosts(grain.GetGrainId()));
        Pass(2);

        await EndOf(grain);
        await Assert.ThrowsAsync<TimeoutException>(() => request);
    }

    [Fact]
    public async Task Delay_ForATime_PostponesTheEnd()
    {
        var grain = Grain<ShortLivedIdleGrain>();
        await Settled(grain, grain.Delay(Minute * 30));

        Pass(29);
        Assert.True(Silo.Hosts(grain.GetGrainId()));
        Pass(2);

        await EndOf(grain);
    }

    [Fact]
    public async Task Delay_InfiniteAndThenZero_PinsUntilTakenBack()
    {
        var grain = Grain<ShortLivedIdleGrain>();
        await Settled(grain, grain.Delay(Timeout.InfiniteTimeSpan));
        Pass(10_000);
        Assert.True(Silo.Hosts(grain.GetGrainId()));
        await Settled(grain, grain.Delay(TimeSpan.MaxValue));
        Pass(10_000);
        Assert.True(Silo.Hosts(grain.GetGrainId()));

        await Settled(grain, grain.Delay(TimeSpan.Zero));
        Pass(4);

        await EndOf(grain);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Timer_Ticks_CountAsUseOnlyIfAsked(bool keepAlive)
    {
        var grain = Grain<ShortLivedIdleGrain>();
        await Settled(grain, grain.StartTimer(Minute, keepAlive));
        Assert.True(Registry.TryGet(grain.GetGrainId(), out var activation));
        var queue = activation.Host.Timers;

        for (var i = 0; i < 5 && queue.Count > 0; i++)
        {
            Pass(1);
            await Signals.Until(() => queue.Count == 1 || activation.EndingNow is not null, "the end of the tick");
        }

        if (keepAlive)
        {
            Assert.Null(activation.EndingNow);
        }
        else
        {
            await EndOf(grain);
        }
    }

    [Fact]
    public async Task Options_QuantumNotLessThanAge_SiloDoesNotStart()
    {
        var error = await Assert.ThrowsAsync<OrleansConfigurationException>(() => Clusters.StartAsync(
            configure: static silo => silo.Configure<GrainCollectionOptions>(
                static options => options.CollectionQuantum = TimeSpan.FromHours(1))));

        Assert.Contains("01:00:00", error.Message, StringComparison.Ordinal);
    }

    private IIdleGrain Grain<T>()
    {
        return _cluster!.Client.GetGrain<IIdleGrain>(_name, typeof(T).FullName);
    }

    /// <summary>Waits for a call and then for the activation to note that it ended, which may be a moment later.</summary>
    private async Task Settled(IIdleGrain grain, Task call)
    {
        await call;
        await Signals.Until(
            () => Registry.TryGet(grain.GetGrainId(), out var activation) && activation.Gate.IsIdle, "the end of the call");
    }

    private void Pass(int minutes)
    {
        _clock.Advance(Minute * minutes);
    }

    private Task EndOf(IIdleGrain grain)
    {
        return Signals.Until(() => !Silo.Hosts(grain.GetGrainId()), "the end of the activation");
    }
}
