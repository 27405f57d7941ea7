namespace Orleans.Embedded.Tests.Differences;

/// <summary>Where a call promises more than on Orleans.</summary>
public sealed class CallTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Call_TokenCancelledWhileQueued_GrainNeverRunsIt()
    {
        using var source = new CancellationTokenSource();
        var grain = silo.Client.GetGrain<IProbeGrain>("queued");
        var busy = grain.Hold("queued busy");
        await Signals.Await("queued busy in");
        var call = grain.HoldCancellable("queued", source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("the cancelled call"));
        Signals.Set("queued busy out");
        await busy;
        await grain.Plain().Within("the next call");
        Assert.False(Signals.IsSet("queued in"));
    }

    [Fact]
    public async Task Cancel_WhileTheConsumerIsBusy_RunsFinallyWithoutAnotherMove()
    {
        const string Signal = "busy consumer";
        using var source = new CancellationTokenSource();
        Signals.Set($"{Signal} 0");
        await using var items = silo.Client.GetGrain<IStreamGrain>("busy consumer").OnSignal(2, Signal).GetAsyncEnumerator(source.Token);
        Assert.True(await items.MoveNextAsync());

        await source.CancelAsync();

        await Signals.Await($"{Signal} finally");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => items.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task ReadOnly_WhileReadOnlyRuns_StartsAndExclusiveWaitsForBoth()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("read-only");
        var first = grain.HoldReadOnly("read-only 1");
        await Signals.Await("read-only 1 in");
        var exclusive = grain.Hold("read-only exclusive");
        var second = grain.HoldReadOnly("read-only 2");

        await Signals.Await("read-only 2 in");
        Assert.False(Signals.IsSet("read-only exclusive in"));

        Signals.Set("read-only 1 out");
        await first;
        Assert.False(Signals.IsSet("read-only exclusive in"));
        Signals.Set("read-only 2 out");
        await second;
        await Signals.Await("read-only exclusive in");
        Signals.Set("read-only exclusive out");
        await exclusive;
    }

    [Fact]
    public async Task DeactivateOnIdle_ManyCallersWhileItEndsAgainAndAgain_EachRequestRunsOnce()
    {
        var grain = silo.Client.GetGrain<IProbeGrain>("stress");
        var calls = Enumerable.Range(0, 300).Select(i => i % 10 == 0 ? grain.DeactivateSoon() : grain.Echo("x"));

        await Task.WhenAll(calls).Within("three hundred answers from a grain that ends again and again");
    }

    [Fact]
    public async Task Call_ResultMarkedImmutable_IsPassedAsItIs()
    {
        var parcel = new Parcel();
        var grain = silo.Cluster.Silos[0].GrainFactory().GetGrain<ICopyGrain>(1);

        await grain.KeepPromised(parcel);

        Assert.Same(parcel, await grain.KeptPromised());
    }
}
