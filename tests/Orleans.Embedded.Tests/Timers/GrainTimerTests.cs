using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Timers;
using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Timers;

public sealed class GrainTimerTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualClock _clock = new();
    private readonly string _name = $"timer {Guid.NewGuid():N}";
    private InProcessTestCluster? _cluster;

    private ITimerGrain Grain => _cluster!.Client.GetGrain<ITimerGrain>(_name);

    private TimerQueue Queue => _cluster!.Silos[0].ServiceProvider.GetRequiredService<TimerQueue>();

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(clock: _clock);
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
    }

    [Fact]
    public async Task Register_DueTimeAndPeriod_TicksAfterEach()
    {
        await Grain.Start(_name, Second * 2, Second);

        _clock.Advance(Second * 1.5);
        Assert.Equal(0, await Grain.Ticks());
        await AdvanceToTick(1, Second / 2);
        await AdvanceToTick(2, Second);
        await AdvanceToTick(3, Second);

        Assert.Equal(3, await Grain.Ticks());
    }

    [Fact]
    public async Task Register_InfinitePeriod_TicksOnce()
    {
        await Grain.Start(_name, Second, Timeout.InfiniteTimeSpan);

        await AdvanceToTick(1, Second);

        Assert.Equal(1, await Grain.Ticks());
        Assert.Equal(0, Queue.Count);
    }

    [Fact]
    public async Task Register_EachOverload_Ticks()
    {
        await Grain.StartEvery(Second);

        _clock.Advance(Second);

        Assert.Equal(8, await Grain.TicksOfEveryOverload());
    }

    [Fact]
    public async Task Register_TimeOutOfRange_IsRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Grain.Start(_name, -Second, Second));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Grain.Start(_name, Second, TimeSpan.MaxValue));
        Assert.Equal(0, Queue.Count);
    }

    [Fact]
    public async Task Tick_LastsLongerThanThePeriod_NextPeriodBeginsAtItsEnd()
    {
        await Grain.Start(_name, Second, Second, holds: true, interleaves: true);
        await AdvanceToTick(1, Second);

        _clock.Advance(Second * 5);
        Assert.Equal(1, await Grain.Ticks());
        Signals.Set($"{_name} go 1");
        await WaitingTimers(1);
        _clock.Advance(Second / 2);
        Assert.Equal(1, await Grain.Ticks());
        await AdvanceToTick(2, Second / 2, waiting: 1);
        Signals.Set($"{_name} go 2");
    }

    [Fact]
    public async Task Tick_RequestRuns_WaitsItsTurn()
    {
        await Grain.Start(_name, Second, Timeout.InfiniteTimeSpan);
        var request = Grain.Await($"{_name} request");
        await Signals.Await($"{_name} request awaited");

        _clock.Advance(Second);
        Assert.False(Signals.IsSet($"{_name} 1"));
        Signals.Set($"{_name} request");

        await request.Within("the request");
        await Signals.Await($"{_name} 1");
    }

    [Fact]
    public async Task Tick_RequestRunsAndTimerInterleaves_RunsBesideIt()
    {
        await Grain.Start(_name, Second, Timeout.InfiniteTimeSpan, interleaves: true);
        var request = Grain.Await($"{_name} request");
        await Signals.Await($"{_name} request awaited");

        _clock.Advance(Second);

        await Signals.Await($"{_name} 1");
        Signals.Set($"{_name} request");
        await request.Within("the request");
    }

    [Fact]
    public async Task Tick_Throws_TimerGoesOn()
    {
        await Grain.StartFailing(_name, Second);

        await AdvanceToTick(1, Second);
        await AdvanceToTick(2, Second);
    }

    [Fact]
    public async Task Change_InsideATick_AppliesAfterIt()
    {
        await Grain.StartChanging(_name, Second, Second * 10);

        await AdvanceToTick(1, Second);
        await WaitingTimers(1);
        _clock.Advance(Second * 5);
        Assert.Equal(1, await Grain.Ticks());
        await AdvanceToTick(2, Second * 5);
    }

    [Fact]
    public async Task Change_WhileItWaits_ReplacesTheDueTime()
    {
        await Grain.Start(_name, Second, Second);

        await Grain.Change(Second * 3, Timeout.InfiniteTimeSpan);

        _clock.Advance(Second * 2);
        Assert.Equal(0, await Grain.Ticks());
        await AdvanceToTick(1, Second);
        Assert.Equal(0, Queue.Count);
    }

    [Fact]
    public async Task Dispose_TickRuns_CancelsItsTokenAndTicksNoMore()
    {
        await Grain.StartUntilCancelled(_name);
        _clock.Advance(Second);
        await Signals.Await($"{_name} started");

        await Grain.Stop();

        await Signals.Await($"{_name} cancelled");
        await Grain.Ticks();
        Assert.Equal(0, Queue.Count);
    }

    [Fact]
    public async Task Dispose_TickWaits_ItDoesNotRun()
    {
        await Grain.Start(_name, Second, Second);
        var request = Grain.Await($"{_name} request");
        var stop = Grain.Stop();
        await Signals.Await($"{_name} request awaited");

        _clock.Advance(Second);
        Signals.Set($"{_name} request");

        await request.Within("the request");
        await stop.Within("the stop of the timer");
        Assert.Equal(0, await Grain.Ticks());
    }

    [Fact]
    public async Task Deactivation_TickRuns_CancelsItAndEnds()
    {
        await Grain.StartUntilCancelled(_name);
        _clock.Advance(Second);
        await Signals.Await($"{_name} started");
        var registry = _cluster!.Silos[0].ServiceProvider.GetRequiredService<ActivationRegistry>();
        Assert.True(registry.TryGet(Grain.GetGrainId(), out var activation));

        await Grain.End();

        await Signals.Await($"{_name} cancelled");
        await activation.Deactivated.Within("the end of the activation");
        Assert.Equal(0, Queue.Count);
    }

    /// <summary>Lets the tick before come to its end and the timer wait, then moves the clock.</summary>
    private async Task AdvanceToTick(int tick, TimeSpan by, int waiting = 1)
    {
        await WaitingTimers(waiting);
        _clock.Advance(by);
        await Signals.Await($"{_name} {tick}");
    }

    private Task WaitingTimers(int count)
    {
        return Signals.Until(() => Queue.Count == count, $"{count} timers that wait");
    }
}
