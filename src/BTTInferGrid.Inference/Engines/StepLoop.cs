namespace BTTInferGrid.Inference;

/// <summary>
/// The decode thread's work: in each step a batch is planned and computed; then one token is chosen for each request
/// whose logits are there.
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
        Fill();
        if (!context.Decode())
        {
            Requests.MakeRoomByForce();
            return;
        }

        for (var i = Requests.Running.Count - 1; i >= 0; i--)
        {
            var generation = Requests.Running[i];
            cache.Extend(generation.Sequence!, generation.Scheduled);
            if (generation.LogitsIndex >= 0)
            {
                Choose(generation);
            }
        }
    }

    private void Fill()
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
        context.Clear();

        // Prompts first: attention skips cells that no token of a tile of the batch sees, so tiles of one prompt are cheap,
        // and a writer's token among them is not.
        foreach (var generation in Requests.Running)
        {
            if (generation.Pending > 1)
            {
                Add(generation);
            }
        }

        foreach (var generation in Requests.Running)
        {
            if (generation.Pending == 1)
            {
                Add(generation);
            }
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
