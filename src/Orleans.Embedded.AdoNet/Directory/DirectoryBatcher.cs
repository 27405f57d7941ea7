namespace Orleans.Embedded.AdoNet;

/// <summary>
/// Brings requests that wait at the same time to the database together: while one batch is on its way, the next one
/// gathers. Two requests for one grain never share a batch.
/// </summary>
internal sealed class DirectoryBatcher<TRequest, TResult>(
    Func<TRequest, string> grainOf, Func<IReadOnlyList<TRequest>, Task<IReadOnlyList<TResult>>> run)
{
    private const int MaxBatch = 500;
    private readonly Lock _lock = new();
    private List<Waiting> _waiting = [];
    private bool _isRunning;

    public Task<TResult> AddAsync(TRequest request, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(request);
        lock (_lock)
        {
            _waiting.Add(waiting);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        return waiting.Task.WaitAsync(cancellationToken);
    }

    private async Task RunAsync()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            try
            {
                var results = await run(batch.ConvertAll(static waiting => waiting.Request));
                for (var i = 0; i < batch.Count; i++)
                {
                    batch[i].SetResult(results[i]);
                }
            }
            catch (Exception error)
            {
                batch.ForEach(waiting => waiting.TrySetException(error));
            }
        }
    }

    /// <summary>Takes the next batch, in the order of the grains, in which all silos take their rows.</summary>
    private List<Waiting> TakeBatch()
    {
        lock (_lock)
        {
            var batch = new SortedDictionary<string, Waiting>(StringComparer.Ordinal);
            var rest = new List<Waiting>();
            foreach (var waiting in _waiting)
            {
                if (batch.Count == MaxBatch || !batch.TryAdd(grainOf(waiting.Request), waiting))
                {
                    rest.Add(waiting);
                }
            }

            _waiting = rest;
            _isRunning = batch.Count > 0;
            return [.. batch.Values];
        }
    }

    private sealed class Waiting(TRequest request)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TRequest Request => request;
    }
}
