namespace Orleans.Conformance.Tests.Turns;

public sealed class TurnTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    private IProbeGrain Grain(string key)
    {
        return silo.Client.GetGrain<IProbeGrain>(key);
    }

    [Fact]
    public async Task Requests_OfOneGrain_NeverOverlap()
    {
        var grain = Grain("no overlap");

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => grain.Increment(i % 5)))
            .Within("two hundred increments");

        Assert.Equal(200, await grain.Peek());
    }

    [Fact]
    public async Task Continuations_AfterAwait_ResumeOnTheGrainsScheduler()
    {
        Assert.True(await Grain("scheduler").ResumesOnOwnScheduler());
    }

    [Fact]
    public async Task AsyncLocals_SetByOneRequest_DoNotReachTheNext()
    {
        var grain = Grain("async locals");
        var busy = grain.Hold("async locals");
        await Signals.Await("async locals in");
        var calls = Enumerable.Range(0, 20).Select(_ => grain.StartsCleanOfAsyncLocals()).ToArray();

        Signals.Set("async locals out");
        await busy;

        Assert.All(await Task.WhenAll(calls), Assert.True);
    }

    [Fact]
    public async Task AlwaysInterleave_WhileAnotherRequestRuns_Starts()
    {
        var grain = Grain("interleave");
        var busy = grain.Hold("interleave");
        await Signals.Await("interleave in");

        Assert.Equal(0, await grain.Peek().Within("an interleaving request"));

        Signals.Set("interleave out");
        await busy;
    }

    [Fact]
    public async Task ExclusiveRequest_WhileAnInterleavedOneRuns_Starts()
    {
        var grain = Grain("beside interleaved");
        var held = grain.HoldInterleaved("beside interleaved");
        await Signals.Await("beside interleaved in");

        Assert.Equal(1, await grain.Increment(1).Within("a request beside an interleaved one"));

        Signals.Set("beside interleaved out");
        await held;
    }

    [Fact]
    public async Task ReadOnly_WhileReadOnlyRuns_StartsAndExclusiveWaits()
    {
        var grain = Grain("read-only");
        var first = grain.HoldReadOnly("read-only 1");
        await Signals.Await("read-only 1 in");
        var exclusive = grain.Hold("read-only exclusive");
        var second = grain.HoldReadOnly("read-only 2");

        await Signals.Await("read-only 2 in");
        Assert.False(Signals.IsSet("read-only exclusive in"));

        Signals.Set("read-only 1 out");
        await first;
        Signals.Set("read-only 2 out");
        await second;
        await Signals.Await("read-only exclusive in");
        Signals.Set("read-only exclusive out");
        await exclusive;
    }

    [Fact]
    public async Task GrainsThatCallEachOtherWithoutEnd_OtherWorkOfTheProcess_GoesOn()
    {
        var calls = Enumerable.Range(0, 8)
            .Select(i => Grain($"endless {i}").CallOtherUntil($"endless {i} other", "endless over")).ToArray();

        for (var i = 0; i < 50; i++)
        {
            var ran = new TaskCompletionSource();
            ThreadPool.UnsafeQueueUserWorkItem(static ran => ran.SetResult(), ran, preferLocal: false);
            await ran.Task.Within($"work item {i} beside busy grains");
        }

        Signals.Set("endless over");
        await Task.WhenAll(calls).Within("the end of the grains' calls");
    }

    [Fact]
    public async Task Reentrant_WhileAnotherRequestRuns_Starts()
    {
        var grain = silo.Client.GetGrain<IReentrantGrain>(1);
        var busy = grain.Hold("reentrant");
        await Signals.Await("reentrant in");

        await grain.CallSelf().Within("a call of a reentrant grain to itself");

        Signals.Set("reentrant out");
        await busy;
    }
}
