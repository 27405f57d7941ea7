namespace BTTInferGrid.Inference;

/// <summary>
/// The decode thread's work: in each step tokens are planned and computed; then one is chosen for each request whose
/// logits are there.
/// </summary>
internal sealed class StepLoop(
    EngineContext context, SequenceCache cache, TokenTable tokens, EngineOptions options, RequestQueue queue)
{
    private readonly TokenChooser _chooser = new(tokens.Size);
    private readonly BatchPlan _plan = new(context.Capacity, options.PromptTokensBesideStreams);

    /// <summary>The requests in the loop.</summary>
    public ActiveRequests Requests { get; } = new(cache, queue, options.MaxSequences);

    /// <summary>Works until the queue says stop.</summary>
    public void Run()
    {
        while (!queue.IsStopping)
        {
            Requests.DropAbandoned();
            Requests.Admit();
            if (Requests.Running.Count > 0)
            {
                Step();
            }
            else if (!queue.WaitForWork())
            {
                return;
            }
        }
    }

    private void Step()
    {
        Plan();

        // Where attention works on tiles of a batch, it skips the cells that no token of a tile sees. Writers beside a
        // prompt would have nearly all computed, for each of them; a batch of their own is too small for tiles.
        if (!context.HasTiles || Compute(prompts: false))
        {
            Compute(prompts: true);
        }
    }

    private void Plan()
    {
        int count;
        while ((count = _plan.Schedule(Requests.Running, cache.Available)) == 0)
        {
            Requests.PreemptYoungest();
        }

        var pending = 0;
        foreach (var generation in Requests.Running)
        {
            pending += generation.Pending;
        }

        cache.MakeRoom(count, pending);
    }

    /// <summary>
    /// Computes what is scheduled, with or without prompts, and chooses tokens; false when the cache has no room for it.
    /// </summary>
    private bool Compute(bool prompts)
    {
        context.Clear();
        foreach (var generation in Requests.Running)
        {
            if (IsMeant(generation))
            {
                Add(generation);
            }
        }

        if (context.Count > 0 && !context.Decode())
        {
            Requests.MakeRoomByForce();
            return false;
        }

        for (var i = Requests.Running.Count - 1; i >= 0; i--)
        {
            var generation = Requests.Running[i];
            if (IsMeant(generation))
            {
                cache.Extend(generation.Sequence!, generation.Scheduled);
                generation.Scheduled = 0;
                if (generation.LogitsIndex >= 0)
                {
                    Choose(generation);
                }
            }
        }

        return true;

        bool IsMeant(Generation generation) => generation.Scheduled > 0 && (prompts || generation.Pending == 1);
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

    /// <summary>Chooses a request's next token and ends the request if that was its last.</summary>
    private void Choose(Generation generation)
    {
        TokenChoice choice;
        try
        {
            choice = _chooser.Choose(context.Logits(generation.LogitsIndex), generation);
        }
        catch (Exception broken) when (broken is InvalidLogitsException or RequestFailedException)
        {
            Requests.End(generation, keep: false);
            generation.Fail(broken);
            return;
        }

        if (generation.Accept(choice, tokens.EndsGeneration(choice.Token)))
        {
            Requests.End(generation, keep: true);
            generation.Complete();
        }
    }
}
