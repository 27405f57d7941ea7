namespace Orleans.Conformance.Tests.Timeouts;

/// <summary>Timeouts by the real clock: Orleans does not run by one that a test moves.</summary>
public sealed class TimeoutTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Call_LongerThanItsTimeout_CallerGetsTimeoutAndGrainGoesOn()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("slow");
        var call = grain.HoldShort("slow");
        await Signals.Await("slow in");

        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("the timeout of two seconds"));

        Assert.Equal(0, await grain.Peek());
        var next = grain.Increment(0);
        Signals.Set("slow out");
        Assert.Equal(2, await next.Within("the next request, after the first one ran to its end"));
    }
}
