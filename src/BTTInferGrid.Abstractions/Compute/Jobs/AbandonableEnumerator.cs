namespace BTTInferGrid.Compute;

/// <summary>
/// Reads a stream of another silo without depending on that silo. Cancelling an Orleans stream waits for the silo to answer,
/// which takes up to the response timeout if the silo is frozen; here a wait ends with the token, and what is left of the stream
/// is disposed of in the background. For one reader.
/// </summary>
/// <typeparam name="T">The stream's items.</typeparam>
/// <param name="source">The stream.</param>
/// <param name="cancellationToken">Ends the stream and every wait; disposed of by its owner after this.</param>
public sealed class AbandonableEnumerator<T>(IAsyncEnumerable<T> source, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<T> _inner = source.GetAsyncEnumerator(cancellationToken);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private Task<bool>? _pending;

    /// <summary>The latest item.</summary>
    public T Current => _inner.Current;

    /// <summary>Waits for the next item.</summary>
    /// <returns>False if the stream is over.</returns>
    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        var next = _inner.MoveNextAsync();
        return next.IsCompletedSuccessfully ? next : WaitAsync(next);
    }

    /// <summary>Ends the stream. Does not wait for a silo that does not answer.</summary>
    public ValueTask DisposeAsync()
    {
        _registration.Dispose();
        if (_pending is null)
        {
            return _inner.DisposeAsync();
        }

        _ = AbandonAsync(_pending);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool> WaitAsync(ValueTask<bool> next)
    {
        if (_registration == default)
        {
            _registration = cancellationToken.Register(
                static state => ((TaskCompletionSource)state!).TrySetResult(), _cancelled);
        }

        _pending = next.AsTask();
        if (await Task.WhenAny(_pending, _cancelled.Task) != _pending)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        var more = await _pending;
        _pending = null;
        return more;
    }

    private async Task AbandonAsync(Task<bool> pending)
    {
        await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _inner.DisposeAsync();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or OperationCanceledException)
        {
            // The silo is gone, and the stream with it.
        }
    }
}
