namespace Orleans.Conformance.Tests.Deactivation;

public sealed class DeactivationTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task DeactivateOnIdle_Idle_RunsOnDeactivateAndTheNextCallActivatesAnew()
    {
        var grain = silo.Client.GetGrain<ILifecycleGrain>("idle");
        await grain.Events();

        await grain.End();

        await Signals.Await("idle deactivated 1 ApplicationRequested");
        Assert.Equal(21, await grain.Events());
    }

    [Fact]
    public async Task DeactivateOnIdle_RequestsRunAndWait_RunningEndHereAndWaitingGoToTheNext()
    {
        var grain = silo.Client.GetGrain<IReentrantEndGrain>("busy");
        var running = grain.Hold("busy");
        await Signals.Await("busy in");
        await grain.End();
        var waiting = grain.Number();
        Assert.False(Signals.IsSet("busy deactivated 1"));

        Signals.Set("busy out");

        Assert.Equal(1, await running.Within("the running request"));
        await Signals.Await("busy deactivated 1");
        Assert.Equal(2, await waiting.Within("the waiting request, at the next activation"));
    }

    [Fact]
    public async Task DeactivateOnIdle_EachTimeItActivates_RequestIsRefused()
    {
        var grain = silo.Client.GetGrain<IEndsAtOnceGrain>("key");

        await Assert.ThrowsAsync<OrleansMessageRejectionException>(
            () => grain.Plain().Within("the refusal of a request that no activation takes"));
    }

    [Fact]
    public async Task Deactivation_OnDeactivateThrows_TheNextCallActivatesAnew()
    {
        var grain = silo.Client.GetGrain<IFailsToDeactivateGrain>("key");
        var first = await grain.ActivationId();

        await grain.End();

        Assert.NotEqual(first, await grain.ActivationId());
    }
}
