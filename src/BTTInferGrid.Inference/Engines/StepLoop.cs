namespace BTTInferGrid.Inference;

/// <summary>
/// The decode thread's work: in each step a batch is planned and computed; then one token is chosen for each request
/// whose logits are there.
/// </summary>
internal sealed class StepLoop(
    EngineContext context, SequenceCache cache, TokenTable tokens, EngineOptions options, RequestQueue queue)
{
    // In the order of their admission, at most MaxSequences.
    private readonly List<Generation> _running = new(options.MaxSequences);
    private readonly TokenChooser _chooser = new(tokens.Size);
    private readonly BatchPlan _plan = new(context.Capacity, options.PromptTokensBesideStreams);
    private volatile int _runningNow;

    /// <summary>Requests running, for other threads to read.</summary>
    public int Running => _runningNow;

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
                End(_running[i], keep: true);
            }
        }
    }

    private void Admit()
    {
        while (_running.Count < options.MaxSequences && queue.First() is { } generation && Fits(generation))
        {
            if (queue.TryTake(generation))
            {
                generation.Start(cache);
                _running.Add(generation);
                _runningNow = _running.Count;
            }
        }
    }

    /// <summary>
    /// Whether the cache has room for a request beside the running ones, with all they can come to need. A request that
    /// has to wait is not overtaken by a smaller one.
    /// </summary>
    private bool Fits(Generation generation)
    {
        var needed = cache.CellsNeeded(generation.Request.Tenant, generation.Tokens) + generation.OutputLeft;
        foreach (var running in _running)
        {
            needed += running.Pending + running.OutputLeft;
        }

        return needed <= cache.Available;
    }

    /// <summary>Gives back what a request held, and keeps what it computed for others if that is sound.</summary>
    private void End(Generation generation, bool keep)
    {
        if (keep)
        {
            cache.Retain(generation.Sequence!);
        }
        else
        {
            cache.Drop(generation.Sequence!);
        }

        _running.Remove(generation);
        _runningNow = _running.Count;
        queue.Release();
    }

    private void Step()
    {
        Fill();
        if (!context.Decode())
        {
            FreeByForce();
            return;
        }

        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var generation = _running[i];
            cache.Extend(generation.Sequence!, generation.Scheduled);
            if (generation.LogitsIndex >= 0)
            {
                Choose(generation);
            }
        }
    }

    private void Fill()
    {
        cache.MakeRoom(_plan.Schedule(_running));
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
            var index = context.Add(generation.Tokens[position], position, generation.Sequence!.Id, last);
            generation.LogitsIndex = last ? index : -1;
        }
    }

    /// <summary>
    /// llama.cpp has less room than was counted: the retained cells go, and if there are none the youngest request.
    /// </summary>
    private void FreeByForce()
    {
        if (cache.Retained > 0)
        {
            cache.MakeRoom(cache.Capacity);
            return;
        }

        var youngest = _running[^1];
        End(youngest, keep: false);
        youngest.Fail(new RequestFailedException(
            $"The cache of {context.CacheTokens} tokens is full; send the request again or to another engine."));
    }

    /// <summary>Chooses a request's next token and ends the request if that was its last.</summary>
    private void Choose(Generation generation)
    {
        TokenChoice choice;
        try
        {
            choice = _chooser.Choose(context.Logits(generation.LogitsIndex), generation);
        }
        catch (InvalidLogitsException broken)
        {
            End(generation, keep: false);
            generation.Fail(broken);
            return;
        }

        if (generation.Accept(choice, tokens.EndsGeneration(choice.Token)))
        {
            End(generation, keep: true);
            generation.Complete();
        }
    }
}
