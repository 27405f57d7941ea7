namespace BTTInferGrid.Inference;

/// <summary>
/// Requests between their callers and the decode thread: bounded, and served in the order of their arrival, where each
/// step of priority counts as an arrival <see cref="EngineRequest.PriorityLead"/> requests earlier. The lock is held
/// for list operations only, never while the model computes.
/// </summary>
internal sealed class RequestQueue(int capacity)
{
    private readonly object _gate = new();
    private readonly List<Generation> _waiting = [];
    private long _arrivals;
    private Func<Exception>? _closed;
    private bool _stopping;
    private int _inFlight;

    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public bool IsStopping
    {
        get
        {
            lock (_gate)
            {
                return _stopping;
            }
        }
    }

    /// <exception cref="EngineBusyException">The engine holds as many requests as it may.</exception>
    /// <exception cref="EngineStoppedException">The engine was stopped.</exception>
    /// <exception cref="EngineFailedException">The engine failed.</exception>
    public void Add(Generation generation)
    {
        lock (_gate)
        {
            if (_closed is not null)
            {
                throw _closed();
            }

            if (_inFlight >= capacity)
            {
                throw new EngineBusyException(_inFlight, capacity);
            }

            _inFlight++;
            Insert(generation);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>The reader of a request is gone: forget it if it waits, or have the decode thread drop it.</summary>
    public void Abandon(Generation generation)
    {
        generation.Abandon();
        lock (_gate)
        {
            if (_waiting.Remove(generation))
            {
                _inFlight--;
            }
        }
    }

    /// <summary>The request that is to be served next; null when none waits.</summary>
    public Generation? First()
    {
        lock (_gate)
        {
            return _waiting.Count == 0 ? null : _waiting[0];
        }
    }

    /// <summary>Takes a request out to run it; false when its reader has given it up meanwhile.</summary>
    public bool TryTake(Generation generation)
    {
        lock (_gate)
        {
            return _waiting.Remove(generation);
        }
    }

    /// <summary>A request that was taken has ended.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _inFlight--;
        }
    }

    /// <summary>Sleeps until a request waits; false when the engine shall stop.</summary>
    public bool WaitForWork()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            return !_stopping;
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            _closed ??= static () => new EngineStoppedException();
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Refuses requests from now on and fails those that wait.</summary>
    public void Close(Func<Exception> cause)
    {
        Generation[] waiting;
        lock (_gate)
        {
            _closed = cause;
            waiting = [.. _waiting];
            _waiting.Clear();
            _inFlight -= waiting.Length;
        }

        foreach (var generation in waiting)
        {
            generation.Fail(cause());
        }
    }

    private void Insert(Generation generation)
    {
        generation.Order = _arrivals++ - ((long)generation.Request.Priority * EngineRequest.PriorityLead);
        var place = _waiting.Count;
        while (place > 0 && _waiting[place - 1].Order > generation.Order)
        {
            place--;
        }

        _waiting.Insert(place, generation);
    }
}
