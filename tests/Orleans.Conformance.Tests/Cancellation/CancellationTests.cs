namespace Orleans.Conformance.Tests.Cancellation;

public abstract class CancellationTests(IGrainFactory grains, string name)
{
    [Fact]
    public async Task Call_TokenCancelledBefore_IsNotSent()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var grain = grains.GetGrain<IProbeGrain>($"{name} before");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => grain.HoldCancellable($"{name} before", source.Token));

        await grain.Plain();
        Assert.False(Signals.IsSet($"{name} before in"));
    }

    [Fact]
    public async Task Call_TokenCancelledWhileRunning_FreesCallerAndTellsGrainInItsTurn()
    {
        using var source = new CancellationTokenSource();
        var grain = grains.GetGrain<IProbeGrain>($"{name} running");
        var call = grain.HoldCancellable($"{name} running", source.Token);
        await Signals.Await($"{name} running in");

        await source.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("the cancelled call"));
        Assert.Equal(source.Token, error.CancellationToken);
        await Signals.Await($"{name} running cancelled in turn");
        await grain.Plain().Within("the next call");
    }

    [Fact]
    public async Task Call_TokenCancelledWhileQueued_FreesCaller()
    {
        using var source = new CancellationTokenSource();
        var grain = grains.GetGrain<IProbeGrain>($"{name} queued");
        var busy = grain.Hold($"{name} queued busy");
        await Signals.Await($"{name} queued busy in");
        var call = grain.HoldCancellable($"{name} queued", source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("the cancelled call"));
        Signals.Set($"{name} queued busy out");
        await busy;
        await grain.Plain().Within("the next call");
    }

    [Fact]
    public async Task Call_TokenNeverCancelled_GrainEnds()
    {
        using var source = new CancellationTokenSource();
        var grain = grains.GetGrain<IProbeGrain>($"{name} never");
        var call = grain.HoldCancellable($"{name} never", source.Token);
        Signals.Set($"{name} never out");

        await call.Within("the call");
        await source.CancelAsync();

        Assert.False(Signals.IsSet($"{name} never cancelled in turn"));
    }
}

public sealed class RemoteCancellationTests(SingleSilo silo)
    : CancellationTests(silo.Client, "remote"), IClassFixture<SingleSilo>;

public sealed class LocalCancellationTests(SingleSilo silo)
    : CancellationTests(silo.Cluster.Silos[0].GrainFactory(), "local"), IClassFixture<SingleSilo>;
