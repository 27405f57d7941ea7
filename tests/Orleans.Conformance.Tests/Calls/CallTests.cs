namespace Orleans.Conformance.Tests.Calls;

public sealed class CallTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Call_EachKindOfReturnType_Answers()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("kinds");

        Assert.Equal("hello", await grain.Echo("hello"));
        Assert.Equal(14, await grain.Twice(7));
        await grain.Nothing();
        await grain.Plain();
    }

    [Fact]
    public async Task Call_DifferentKeys_ReachDifferentGrains()
    {
        var one = silo.Client.GetGrain<IProbeGrain>("one");
        var two = silo.Client.GetGrain<IProbeGrain>("two");

        await one.Increment(0);
        await one.Increment(0);

        Assert.Equal(2, await one.Peek());
        Assert.Equal(0, await two.Peek());
        Assert.Equal("two", await two.Key());
    }

    [Fact]
    public async Task Call_IntegerKey_GrainReadsIt()
    {
        Assert.Equal(-5, await silo.Client.GetGrain<IReentrantGrain>(-5).Key());
    }

    [Fact]
    public async Task Call_FromGrainToGrain_Answers()
    {
        Assert.Equal("passed", await silo.Client.GetGrain<IProbeGrain>("from").CallOther("to", "passed"));
    }

    [Fact]
    public async Task Call_ThroughReturnedReference_ReachesTheSameGrain()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("self");

        var self = await grain.Self();

        Assert.Equal(grain, self);
        Assert.Equal("self", await self.Key());
    }

    [Fact]
    public async Task Call_GrainThrowsAfterAwait_CallerGetsTheSameType()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("throws");

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => grain.Throw("later"));

        Assert.Equal("later", error.Message);
        Assert.Contains(nameof(ProbeGrain), error.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_GrainThrowsBeforeItsTask_CallerGetsItFromTheTask()
    {
        var call = silo.Client.GetGrain<IProbeGrain>("throws early").ThrowBeforeTask("now");

        var error = await Assert.ThrowsAsync<NotSupportedException>(() => call);

        Assert.Equal("now", error.Message);
    }

    [Fact]
    public async Task Call_GrainThrowsAggregate_CallerGetsItUnflattened()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("aggregate");

        var error = await Assert.ThrowsAsync<AggregateException>(grain.ThrowAggregate);

        Assert.Equal(["one", "two"], error.InnerExceptions.Select(static inner => inner.Message));
    }

    [Fact]
    public async Task OneWay_Call_CompletesBeforeTheGrainRuns()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("one-way");
        var busy = grain.Hold("one-way busy");
        await Signals.Await("one-way busy in");

        await grain.Notify("one-way told").Within("the one-way call, while the grain is busy");
        Assert.False(Signals.IsSet("one-way told"));

        Signals.Set("one-way busy out");
        await busy;
        await Signals.Await("one-way told");
    }

    [Fact]
    public async Task OneWay_GrainThrows_CallerDoesNotLearnIt()
    {
        await silo.Client.GetGrain<IProbeGrain>("one-way throws").NotifyAndThrow("one-way threw");

        await Signals.Await("one-way threw");
    }

    [Fact]
    public async Task OneWay_VoidMethod_ReachesTheGrain()
    {
        silo.Client.GetGrain<IProbeGrain>("void").Tell("void told");

        await Signals.Await("void told");
    }

    [Fact]
    public async Task Call_UnknownGrainType_IsRefused()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>(GrainId.Create("no-such-type", "key"));

        await Assert.ThrowsAnyAsync<Exception>(grain.Plain);
    }

    [Fact]
    public async Task Cast_UntypedReference_ReachesTheGrain()
    {
        var id = silo.Client.GetGrain<IProbeGrain>("untyped").GetGrainId();

        var grain = silo.Client.GetGrain(id).Cast<IProbeGrain>();

        Assert.Equal("probe/untyped", id.ToString());
        Assert.Equal("untyped", await grain.Key());
    }

    [Fact]
    public async Task Call_ManyCallersManyGrains_AllAnswered()
    {
        var calls = Enumerable.Range(0, 2_000).Select(i =>
            silo.Client.GetGrain<IProbeGrain>($"many-{i % 50}").Increment(1));

        var results = await Task.WhenAll(calls).Within("two thousand answers");

        Assert.Equal(50, results.Count(static result => result == 40));
    }
}
