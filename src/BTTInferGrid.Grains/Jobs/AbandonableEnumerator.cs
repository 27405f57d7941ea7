namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// Reads a stream of another silo without depending on that silo's end. Cancelling an Orleans stream waits for the silo
/// to answer, which takes up to the response timeout if the silo is frozen; here the wait ends with the detector, and what
/// is left of the stream is disposed of in the background.
/// </summary>
/// <param name="source">The stream, opened with the detector's token.</param>
/// <param name="detector">Ends a wait; its owner disposes of it after this.</param>
internal sealed class AbandonableEnumerator<T>(IAsyncEnumerable<T> source, StallDetector detector) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<T> _inner = source.GetAsyncEnumerator(detector.Token);
    private Task<bool>? _pending;

    /// <summary>The latest item.</summary>
    public T Current => _inner.Current;

    /// <summary>Waits for the next item, for at most the limit.</summary>
    /// <exception cref="OperationCanceledException">The detector has fired.</exception>
    public ValueTask<bool> MoveNextAsync(TimeSpan limit)
    {
        detector.Begin(limit);
        var next = _inner.MoveNextAsync();
        if (!next.IsCompletedSuccessfully)
        {
            return WaitAsync(next);
        }

        detector.End();
        return next;
    }

    /// <summary>Ends the stream. Does not wait for a silo that does not answer.</summary>
    public ValueTask DisposeAsync()
    {
        detector.End();
        if (_pending is null)
        {
            return _inner.DisposeAsync();
        }

        // The producer still runs: it has to learn that nobody reads.
        detector.Cancel();
        _ = AbandonAsync(_pending);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool> WaitAsync(ValueTask<bool> next)
    {
        _pending = next.AsTask();
        if (await Task.WhenAny(_pending, detector.Fired) != _pending)
        {
            throw new OperationCanceledException(detector.Token);
        }

        var more = await _pending;
        _pending = null;
        detector.End();
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
