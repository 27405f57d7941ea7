using Orleans.TestingHost;

namespace Orleans.Embedded.Tests.Timeouts;

/// <summary>Timeouts by a clock that the test moves. Orleans does not run by one.</summary>
public sealed class TimeoutTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private InProcessTestCluster? _cluster;

    private IProbeGrain Grain(string key)
    {
        return _cluster!.Client.GetGrain<IProbeGrain>(key);
    }

    public async Task InitializeAsync()
    {
        _cluster = await Clusters.StartAsync(clock: _clock);
    }

    public async Task DisposeAsync()
    {
        await _cluster!.DisposeAsync();
    }

    [Fact]
    public async Task Call_LongerThanResponseTimeout_CallerGetsTimeoutAndGrainGoesOn()
    {
        var call = Grain("overdue").Hold("overdue");
        await Signals.Await("overdue in");

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
        Assert.Contains("IProbeGrain.Hold", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Grain("overdue").Peek());
        var next = Grain("overdue").Increment(0);
        Signals.Set("overdue out");
        Assert.Equal(2, await next.Within("the next request, after the first one ran to its end"));
    }

    [Fact]
    public async Task Call_MethodWithItsOwnTimeout_TimesOutByThat()
    {
        var call = Grain("own timeout").HoldShort("own timeout");
        await Signals.Await("own timeout in");

        _clock.Advance(TimeSpan.FromSeconds(6));

        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout of two seconds"));
        Signals.Set("own timeout out");
    }

    [Fact]
    public async Task Call_SelfThroughReferenceOnNonReentrantGrain_TimesOut()
    {
        var call = Grain("cycle").CallSelf();
        await Grain("cycle").Peek();

        _clock.Advance(TimeSpan.FromSeconds(31));

        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));
        await Grain("cycle").Plain().Within("a call after the cycle broke");
    }

    [Fact]
    public async Task Call_AnswerAfterTimeout_IsIgnored()
    {
        var call = Grain("late").HoldShort("late");
        await Signals.Await("late in");
        _clock.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout"));

        Signals.Set("late out");

        Assert.Equal("next", await Grain("late").Echo("next").Within("the next call"));
    }
}
