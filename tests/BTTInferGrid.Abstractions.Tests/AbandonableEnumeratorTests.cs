using BTTInferGrid.Compute;
using FluentAssertions;

namespace BTTInferGrid.Abstractions.Tests;

public sealed class AbandonableEnumeratorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly FrozenStream _frozen = new();

    [Fact]
    public async Task MoveNextAsync_SourceThatIgnoresTheToken_EndsWithTheToken()
    {
        await using var events = new AbandonableEnumerator<int>(_frozen, _stop.Token);
        var wait = events.MoveNextAsync().AsTask();

        await _stop.CancelAsync();

        await wait.Awaiting(it => it.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task DisposeAsync_SourceThatDoesNotAnswer_DoesNotWaitAndDisposesOfTheSourceLater()
    {
        var events = new AbandonableEnumerator<int>(_frozen, _stop.Token);
        var wait = events.MoveNextAsync().AsTask();
        await _stop.CancelAsync();
        await wait.Awaiting(it => it.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();

        await events.DisposeAsync().AsTask().WaitAsync(Patience);
        _frozen.Disposed.IsCompleted.Should().BeFalse("its read has not ended");
        _frozen.Fail(new TimeoutException("The silo does not answer."));

        await _frozen.Disposed.WaitAsync(Patience);
    }

    [Fact]
    public async Task MoveNextAsync_SourceThatFails_FailsAndDisposesOfTheSource()
    {
        var events = new AbandonableEnumerator<int>(_frozen, _stop.Token);
        var wait = events.MoveNextAsync().AsTask();

        _frozen.Fail(new InvalidDataException());

        await wait.Awaiting(it => it.WaitAsync(Patience)).Should().ThrowAsync<InvalidDataException>();
        await events.DisposeAsync();
        await _frozen.Disposed.WaitAsync(Patience);
    }

    [Fact]
    public async Task MoveNextAsync_WholeStream_GivesEveryItem()
    {
        await using var events = new AbandonableEnumerator<int>(Numbers(), _stop.Token);
        var read = new List<int>();
        while (await events.MoveNextAsync())
        {
            read.Add(events.Current);
        }

        read.Should().Equal(1, 2, 3);

        static async IAsyncEnumerable<int> Numbers()
        {
            yield return 1;
            await Task.Yield();
            yield return 2;
            yield return 3;
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>A stream whose read ends only when the test says so.</summary>
    private sealed class FrozenStream : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        private readonly TaskCompletionSource<bool> _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Current => 0;

        public Task Disposed => _disposed.Task;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => new(_read.Task);

        public void Fail(Exception failure) => _read.SetException(failure);

        public ValueTask DisposeAsync()
        {
            _disposed.TrySetResult();
            return ValueTask.CompletedTask;
        }
    }
}
