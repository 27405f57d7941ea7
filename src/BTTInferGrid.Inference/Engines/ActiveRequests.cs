namespace BTTInferGrid.Inference;

/// <summary>
/// The requests that the decode thread has taken from the queue: those that run, and those that had to make room and
/// wait to go on. Decides who runs.
/// </summary>
internal sealed class ActiveRequests(SequenceCache cache, RequestQueue queue, int mostRunning)
{
    /// <summary>
    /// Cells kept free at admission for the next output of every running request. Most answers end long before their
    /// limit, so that room for all of it would stand empty; too little means that requests are interrupted often.
    /// </summary>
    public const int OutputMargin = 32;

    private readonly List<Generation> _running = new(mostRunning);
    private readonly List<Generation> _preempted = [];
    private volatile int _runningNow;
    private volatile int _preemptedNow;

    // Set when llama.cpp turned out to have less room than was counted, until a request ends.
    private bool _isCrowded;

    /// <summary>The requests that run, in the order in which they began to.</summary>
    public List<Generation> Running => _running;

    /// <summary>How many requests run, for other threads to read.</summary>
    public int RunningNow => _runningNow;

    /// <summary>How many requests wait to go on, for other threads to read.</summary>
    public int PreemptedNow => _preemptedNow;

    /// <summary>
    /// Starts requests while there is room, interrupted ones first. One that has to wait is not overtaken by a smaller
    /// one, so that none waits for ever.
    /// </summary>
    public void Admit()
    {
        while (_running.Count < mostRunning && !(_isCrowded && _running.Count > 0)
            && (_preempted.Count > 0 ? _preempted[0] : queue.First()) is { } next && Fits(next))
        {
            if (_preempted.Remove(next) || queue.TryTake(next))
            {
                next.Start(cache);
                _running.Add(next);
                Count();
            }
        }
    }

    /// <summary>Ends requests whose reader is gone.</summary>
    public void DropAbandoned()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].IsAbandoned)
            {
                End(_running[i], keep: true);
            }
        }

        for (var i = _preempted.Count - 1; i >= 0; i--)
        {
            if (_preempted[i].IsAbandoned)
            {
                _preempted.RemoveAt(i);
                Count();
                queue.Release();
            }
        }
    }

    /// <summary>
    /// Gives back what a running request held, and keeps what it computed for others if that is sound.
    /// </summary>
    public void End(Generation generation, bool keep)
    {
        if (keep)
        {
            cache.Retain(generation.Sequence!);
        }
        else
        {
            cache.Drop(generation.Sequence!);
        }

        _isCrowded = false;
        _running.Remove(generation);
        Count();
        queue.Release();
    }

    /// <summary>
    /// Interrupts the request that is last in order; it goes on later from the tokens it has. The first in order is
    /// never interrupted while there is another, so that there is always one that comes to its end.
    /// </summary>
    public void PreemptYoungest()
    {
        var youngest = _running.MaxBy(generation => generation.Order)!;
        _running.Remove(youngest);
        cache.Drop(youngest.Sequence!);
        youngest.Pause();
        var place = _preempted.FindIndex(other => other.Order > youngest.Order);
        _preempted.Insert(place < 0 ? _preempted.Count : place, youngest);
        Count();
    }

    /// <summary>
    /// llama.cpp has less room than was counted: what ended requests left goes, or else a request. The last one cannot
    /// go on.
    /// </summary>
    public void MakeRoomByForce()
    {
        if (cache.Retained > 0)
        {
            cache.MakeRoom(cache.Capacity, cache.Capacity);
            return;
        }

        if (_running.Count > 1)
        {
            PreemptYoungest();
            _isCrowded = true;
            return;
        }

        var last = _running[0];
        End(last, keep: false);
        last.Fail(new RequestFailedException(
            nameof(EngineRequest.MaxTokens), $"The cache has no room for {last.Tokens.Length} tokens even alone; shorten the request."));
    }

    /// <summary>Fails every request with an exception of its own. The cache is left as it is.</summary>
    public void FailAll(Func<Exception> cause)
    {
        foreach (var generation in _running.Concat(_preempted))
        {
            generation.Fail(cause());
            queue.Release();
        }

        _running.Clear();
        _preempted.Clear();
        Count();
    }

    /// <summary>
    /// Whether the cache has room for a request beside the running ones, and a margin for all of them.
    /// </summary>
    private bool Fits(Generation next)
    {
        var needed = cache.CellsNeeded(next.Request.Tenant, next.Tokens) + Margin(next);
        foreach (var generation in _running)
        {
            needed += generation.Pending + Margin(generation);
        }

        return needed <= cache.Available;
    }

    private static int Margin(Generation generation) => Math.Min(OutputMargin, generation.OutputLeft);

    private void Count()
    {
        _runningNow = _running.Count;
        _preemptedNow = _preempted.Count;
    }
}
