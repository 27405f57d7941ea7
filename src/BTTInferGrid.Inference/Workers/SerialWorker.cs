namespace BTTInferGrid.Inference;

/// <summary>
/// One thread that does one piece of work after another, with a bounded queue before it: the owner of native memory
/// that must not be used twice at a time, nor freed while it is used. Thread safe.
/// </summary>
internal sealed class SerialWorker : IAsyncDisposable
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly LinkedList<IWork> _waiting = new();
    private readonly int _capacity;
    private readonly IDisposable _owned;
    private bool _ending;
    private volatile EngineFailedException? _failure;

    /// <param name="name">Name of the thread.</param>
    /// <param name="capacity">Pieces of work that may wait beside the one being done.</param>
    /// <param name="owned">Freed on the thread when it ends.</param>
    public SerialWorker(string name, int capacity, IDisposable owned)
    {
        _capacity = capacity;
        _owned = owned;
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Queues a piece of work and gives its result.</summary>
    /// <param name="work">
    /// Done on the worker's thread; its token asks it to stop. An <see cref="EngineFailedException"/> from it ends the
    /// worker, any other exception only the work.
    /// </param>
    /// <param name="cancellationToken">Forgets work that waits, and asks work being done to stop.</param>
    /// <exception cref="EngineBusyException">The queue is full.</exception>
    /// <exception cref="EngineStoppedException">The worker was disposed.</exception>
    /// <exception cref="EngineFailedException">The worker failed.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var item = new Work<T>(work, cancellationToken);
        Add(item);
        await using var registration = cancellationToken.Register(() => Forget(item)).ConfigureAwait(false);
        return await item.Result.ConfigureAwait(false);
    }

    /// <summary>Stops the work being done, fails what waits, and frees what the worker owns.</summary>
    public async ValueTask DisposeAsync()
    {
        End();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _completion.Task.ConfigureAwait(false);
    }

    private Exception Ending() => _failure is { } failure
        ? new EngineFailedException(failure.Message, failure)
        : new EngineStoppedException();

    private void Add(IWork item)
    {
        lock (_waiting)
        {
            if (_ending)
            {
                throw Ending();
            }

            if (_waiting.Count == _capacity)
            {
                throw new EngineBusyException(_waiting.Count, _capacity);
            }

            _waiting.AddLast(item);
            Monitor.Pulse(_waiting);
        }
    }

    /// <summary>Work that is forgotten leaves its place in the queue to others at once.</summary>
    private void Forget(IWork item)
    {
        lock (_waiting)
        {
            _waiting.Remove(item);
        }

        item.Cancel();
    }

    private void End()
    {
        lock (_waiting)
        {
            _ending = true;
            Monitor.Pulse(_waiting);
        }
    }

    /// <summary>Waits for the next piece of work; null when there will be none.</summary>
    private IWork? Take()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_ending)
            {
                Monitor.Wait(_waiting);
            }

            var item = _waiting.First?.Value;
            if (item is not null)
            {
                _waiting.RemoveFirst();
            }

            return item;
        }
    }

    private void Run()
    {
        while (Take() is { } item)
        {
            if (_stopping.IsCancellationRequested || _failure is not null)
            {
                item.Fail(Ending());
                continue;
            }

            try
            {
                item.Do(_stopping.Token);
            }
            catch (EngineFailedException failure)
            {
                _failure = failure;
                End();
            }
        }

        _owned.Dispose();
        _completion.SetResult();
    }

    private interface IWork
    {
        void Do(CancellationToken stopping);

        void Cancel();

        void Fail(Exception cause);
    }

    private sealed class Work<T>(Func<CancellationToken, T> work, CancellationToken cancelled) : IWork
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Result => _result.Task;

        public void Cancel() => _result.TrySetCanceled(cancelled);

        public void Fail(Exception cause) => _result.TrySetException(cause);

        public void Do(CancellationToken stopping)
        {
            if (_result.Task.IsCompleted)
            {
                return;
            }

            using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancelled);
            try
            {
                _result.TrySetResult(work(both.Token));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                Fail(new EngineStoppedException());
            }
            catch (OperationCanceledException)
            {
                Cancel();
            }
            catch (EngineFailedException failure)
            {
                Fail(failure);
                throw;
            }
            catch (Exception cause)
            {
                Fail(cause);
            }
        }
    }
}
