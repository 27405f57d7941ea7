namespace BTTInferGrid.Inference.Tests.Workers;

public sealed class SerialWorkerTests : IDisposable
{
    private readonly TaskCompletionSource _started = new();
    private readonly ManualResetEvent _open = new(initialState: false);
    private readonly Owned _owned = new();

    [Fact]
    public async Task RunAsync_WorkThatThrows_FailsAlone()
    {
        await using var worker = new SerialWorker("test", 4, _owned);
        await Assert.ThrowsAsync<FormatException>(
            () => worker.RunAsync<int>(_ => throw new FormatException(), default).Within("the failure"));
        Assert.Equal(7, await worker.RunAsync(_ => 7, default).Within("the work after"));
    }

    [Fact]
    public async Task RunAsync_MoreThanTheQueueHolds_IsRefusedWithTheNumbers()
    {
        await using var worker = new SerialWorker("test", 2, _owned);
        var first = await BlockAsync(worker);
        var waiting = new[] { worker.RunAsync(_ => 1, default), worker.RunAsync(_ => 2, default) };
        var busy = await Assert.ThrowsAsync<EngineBusyException>(() => worker.RunAsync(_ => 3, default));
        Assert.Equal((2, 2), (busy.InFlight, busy.Capacity));
        _open.Set();
        Assert.Equal(0, await first.Within("the first"));
        var rest = await Task.WhenAll(waiting).Within("those that waited");
        Assert.Equal([1, 2], rest);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileWaiting_EndsAtOnceAndIsNeverDone()
    {
        await using var worker = new SerialWorker("test", 2, _owned);
        var first = await BlockAsync(worker);
        using var cancel = new CancellationTokenSource();
        var done = false;
        var waiting = worker.RunAsync(_ => done = true, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the cancelled work"));
        _open.Set();
        await first.Within("the first");
        await worker.RunAsync(_ => 0, default).Within("the work after");
        Assert.False(done);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileWaiting_LeavesItsPlaceAtOnce()
    {
        await using var worker = new SerialWorker("test", 1, _owned);
        var first = await BlockAsync(worker);
        using var cancel = new CancellationTokenSource();
        var cancelled = worker.RunAsync(_ => 1, cancel.Token);
        await cancel.CancelAsync();
        var next = worker.RunAsync(_ => 2, default);
        _open.Set();
        await first.Within("the first");
        Assert.Equal(2, await next.Within("the work after"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Within("the cancelled work"));
    }

    [Fact]
    public async Task DisposeAsync_WorkRunningAndWaiting_StopsBothAndFreesOnce()
    {
        var worker = new SerialWorker("test", 2, _owned);
        var running = worker.RunAsync(
            stop =>
            {
                _started.SetResult();
                stop.WaitHandle.Within("the stop");
                stop.ThrowIfCancellationRequested();
                return 0;
            },
            default);
        await _started.Task.Within("the start");
        var waiting = worker.RunAsync(_ => 0, default);
        await Task.WhenAll(worker.DisposeAsync().AsTask(), worker.DisposeAsync().AsTask()).Within("both disposals");
        await Assert.ThrowsAsync<EngineStoppedException>(() => running);
        await Assert.ThrowsAsync<EngineStoppedException>(() => waiting);
        await Assert.ThrowsAsync<EngineStoppedException>(() => worker.RunAsync(_ => 0, default));
        Assert.Equal(1, _owned.Disposals);
    }

    [Fact]
    public async Task RunAsync_EngineFailed_FailsEverythingAfterAndFreesAtOnce()
    {
        await using var worker = new SerialWorker("test", 2, _owned);
        var first = worker.RunAsync<int>(
            _ =>
            {
                _started.SetResult();
                _open.Within("the test opens the gate");
                throw new EngineFailedException("broken");
            },
            default);
        await _started.Task.Within("the start");
        var waiting = worker.RunAsync(_ => 0, default);
        _open.Set();
        await Assert.ThrowsAsync<EngineFailedException>(() => first.Within("the failure"));
        await Assert.ThrowsAsync<EngineFailedException>(() => waiting.Within("what waited"));
        await Assert.ThrowsAsync<EngineFailedException>(() => worker.RunAsync(_ => 0, default));
        await worker.DisposeAsync();
        Assert.Equal(1, _owned.Disposals);
    }

    public void Dispose() => _open.Dispose();

    private async Task<Task<int>> BlockAsync(SerialWorker worker)
    {
        var blocked = worker.RunAsync(
            _ =>
            {
                _started.SetResult();
                _open.Within("the test opens the gate");
                return 0;
            },
            default);
        await _started.Task.Within("the start");
        return blocked;
    }

    private sealed class Owned : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
