namespace BTTInferGrid.Inference;

/// <summary>
/// The decode thread's work: in each step a batch is planned and computed; then one token is chosen for each request whose
/// logits are there.
/// </summary>
internal sealed class StepLoop(EngineContext context, TokenTable tokens, EngineOptions options, RequestQueue queue)
{
    // Oldest first. Invariants: at most MaxSequences; the sum of CacheTokens is _reserved <= _cacheTokens.
    private readonly List<Generation> _running = new(options.MaxSequences);
    private readonly Stack<int> _freeSequences = new(Enumerable.Range(0, options.MaxSequences));
    private readonly TokenChooser _chooser = new(tokens.Size);
    private readonly BatchPlan _plan = new(context.Capacity, options.PromptTokensBesideStreams);
    private readonly int _cacheTokens = context.CacheTokens * options.Overcommit;
    private int _reserved;
    private volatile int _runningNow;

    /// <summary>Requests running, for other threads to read.</summary>
    public int Running => _runningNow;

    /// <summary>Cache tokens reserved, for other threads to read.</summary>
    public int Reserved => Volatile.Read(ref _reserved);

    /// <summary>Works until the queue says stop.</summary>
    public void Run()
    {
        while (!queue.IsStopping)
        {
            DropAbandoned();
            Admit();
            if (_running.Count > 0)
            {
                Step();
            }
            else if (!queue.WaitForWork())
            {
                return;
            }
        }
    }

    /// <summary>Ends every running request with an exception of its own.</summary>
    public void FailAll(Func<Exception> cause)
    {
        foreach (var generation in _running)
        {
            generation.Fail(cause());
            queue.Release();
        }

        _running.Clear();
        _runningNow = 0;
    }

    private void DropAbandoned()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].IsAbandoned)
            {
                Retire(i);
            }
        }
    }

    private void Admit()
    {
        while (_freeSequences.Count > 0 && queue.TryTake(_cacheTokens - _reserved) is { } generation)
        {
            generation.Start(_freeSequences.Pop());
            _reserved += generation.CacheTokens;
            _running.Add(generation);
            _runningNow = _running.Count;
        }
    }

    private void Retire(int index)
    {
        var generation = _running[index];
        _running.RemoveAt(index);
        context.Remove(generation.Sequence);
        _freeSequences.Push(generation.Sequence);
        _reserved -= generation.CacheTokens;
        _runningNow = _running.Count;
        queue.Release();
    }

    private void Step()
    {
        Fill();
        if (!context.Decode())
        {
            // Reservations make this impossible without overcommitment; the youngest request gives its room up.
            _running[^1].Fail(new RequestFailedException(
                $"The cache of {context.CacheTokens} tokens is full; send the request again or to another engine."));
            Retire(_running.Count - 1);
            return;
        }

        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var generation = _running[i];
            generation.Advance();
            if (generation.LogitsIndex >= 0 && Choose(generation))
            {
                Retire(i);
            }
        }
    }

    private void Fill()
    {
        _plan.Schedule(_running);
        context.Clear();
        foreach (var generation in _running)
        {
            Add(generation);
        }
    }

    /// <summary>Adds the scheduled tokens to the batch; the last token of a request has logits.</summary>
    private void Add(Generation generation)
    {
        generation.LogitsIndex = -1;
        var end = generation.Position + generation.Scheduled;
        for (var position = generation.Position; position < end; position++)
        {
            var last = position == generation.Tokens.Length - 1;
            var index = context.Add(generation.Tokens[position], position, generation.Sequence, last);
            generation.LogitsIndex = last ? index : -1;
        }
    }

    /// <summary>Chooses a request's next token; true when the request has ended with it.</summary>
    private bool Choose(Generation generation)
    {
        TokenChoice choice;
        try
        {
            choice = _chooser.Choose(context.Logits(generation.LogitsIndex), generation);
        }
        catch (InvalidLogitsException broken)
        {
            generation.Fail(broken);
            return true;
        }

        return generation.Accept(choice, tokens.EndsGeneration(choice.Token));
    }
}
