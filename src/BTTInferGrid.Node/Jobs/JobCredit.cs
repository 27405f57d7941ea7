namespace BTTInferGrid.Node.Jobs;

/// <summary>Tokens of a job that may be sent. One waits, another grants.</summary>
/// <param name="tokens">Tokens that may be sent at first.</param>
internal sealed class JobCredit(uint tokens)
{
    private readonly Lock _lock = new();
    private long _tokens = tokens;
    private TaskCompletionSource? _granted;

    /// <summary>Allows more tokens. The sum stays below 2^31, whatever is granted.</summary>
    public void Grant(uint tokens)
    {
        TaskCompletionSource? granted = null;
        lock (_lock)
        {
            _tokens = Math.Min(_tokens + tokens, int.MaxValue);
            if (_tokens > 0)
            {
                (granted, _granted) = (_granted, null);
            }
        }

        granted?.TrySetResult();
    }

    /// <summary>Waits until at least one token may be sent.</summary>
    /// <returns>How many may be sent.</returns>
    public async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task granted;
            lock (_lock)
            {
                if (_tokens > 0)
                {
                    return (int)Math.Min(_tokens, int.MaxValue);
                }

                _granted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                granted = _granted.Task;
            }

            await granted.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Uses up credit that <see cref="WaitAsync"/> returned.</summary>
    public void Spend(int tokens)
    {
        lock (_lock)
        {
            _tokens -= tokens;
        }
    }
}
