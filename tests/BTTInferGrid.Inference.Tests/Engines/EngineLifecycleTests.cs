namespace BTTInferGrid.Inference.Tests.Engines;

public sealed class EngineLifecycleTests : IDisposable
{
    private static readonly EngineOptions OneAtATime =
        new() { CacheTokens = 512, MaxSequences = 1, QueueCapacity = 1, BatchTokens = 64 };

    private readonly StopwatchGate _gate = new();

    [Fact]
    public async Task GenerateAsync_QueueFull_IsTurnedAwayAndLaterServed()
    {
        await using var engine = TinyModel.LoadEngine(OneAtATime, _gate);
        var running = engine.AnswerAsync("What is the capital of Japan?");
        _gate.WaitUntilReached();
        var waiting = engine.AnswerAsync("What is the capital of France?");

        var busy = await Assert.ThrowsAsync<EngineBusyException>(() => engine.AnswerAsync("Hello!"));
        Assert.Equal((2, 2), (busy.InFlight, busy.Capacity));
        Assert.Equal(1, engine.Status.Waiting);

        _gate.Open();
        Assert.Contains("Tokyo", (await running.Within("the running answer")).Text, StringComparison.Ordinal);
        Assert.Contains("Paris", (await waiting.Within("the waiting answer")).Text, StringComparison.Ordinal);
        var later = await engine.AnswerAsync("What is the capital of Italy?").Within("the later answer");
        Assert.Contains("Rome", later.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateAsync_CancelledWhileWaiting_GivesItsPlaceBack()
    {
        await using var engine = TinyModel.LoadEngine(OneAtATime, _gate);
        var running = engine.AnswerAsync("What is the capital of Japan?");
        _gate.WaitUntilReached();
        using var cancel = new CancellationTokenSource();
        var waiting = engine.AnswerAsync(TinyModel.Ask("What is the capital of France?"), cancel.Token);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting).Within("the cancellation");
        var next = engine.AnswerAsync("What is the capital of Italy?");
        _gate.Open();

        Assert.Contains("Rome", (await next.Within("the next answer")).Text, StringComparison.Ordinal);
        await running.Within("the running answer");
    }

    [Fact]
    public async Task GenerateAsync_CancelledMidStream_FreesItsSequenceAndTheOthersGoOn()
    {
        var options = new EngineOptions { CacheTokens = 1024, MaxSequences = 4, BatchTokens = 64 };
        await using var engine = TinyModel.LoadEngine(options, _gate);
        using var cancel = new CancellationTokenSource();
        var doomed = engine.GenerateAsync(TinyModel.Ask("Tell me a short story."), cancel.Token).GetAsyncEnumerator();
        var first = doomed.MoveNextAsync().AsTask();
        _gate.WaitUntilReached();
        var others = Enumerable.Range(0, 3).Select(_ => engine.AnswerAsync("Tell me a short story.")).ToList();
        _gate.Open();
        Assert.True(await first.Within("the first token"));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await doomed.MoveNextAsync())
            {
            }
        }).Within("the cancellation");
        await doomed.DisposeAsync();

        var stories = await Task.WhenAll(others).Within("the other stories");
        Assert.All(stories, story => Assert.Equal(StopReason.EndOfGeneration, story.Result.StopReason));

        // All four sequences and the whole cache are free again.
        var request = TinyModel.Ask("What is the capital of Japan?");
        request = request with { MaxTokens = 256 - request.Prompt.Length };
        var more = Enumerable.Range(0, 4).Select(_ => engine.AnswerAsync(request));
        var answers = await Task.WhenAll(more).Within("four more answers");
        Assert.All(answers, answer => Assert.Contains("Tokyo", answer.Text, StringComparison.Ordinal));
        Assert.Equal(new EngineStatus(0, 0, 0, engine.Status.RetainedTokens, 1024), engine.Status);
    }

    [Fact]
    public async Task GenerateAsync_ReaderGoesAway_FreesItsSequence()
    {
        await using var engine = TinyModel.LoadEngine(OneAtATime);
        await foreach (var item in engine.GenerateAsync(TinyModel.Ask("Tell me a short story.")))
        {
            Assert.IsType<EngineTokens>(item);
            break;
        }

        var next = await engine.AnswerAsync("What is the capital of Japan?").Within("the next answer");
        Assert.Contains("Tokyo", next.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GenerateAsync_CancelledBefore_IsNotQueued()
    {
        await using var engine = TinyModel.LoadEngine(OneAtATime);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => engine.AnswerAsync(TinyModel.Ask("Hello!"), new CancellationToken(canceled: true)));
        Assert.Equal(new EngineStatus(0, 0, 0, engine.Status.RetainedTokens, 512), engine.Status);
    }

    [Fact]
    public async Task GenerateAsync_ReaderThatStandsStill_DelaysNobody()
    {
        await using var engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 1024, MaxSequences = 2 });
        await using var still = engine.GenerateAsync(TinyModel.Ask("Tell me a short story.")).GetAsyncEnumerator();
        Assert.True(await still.MoveNextAsync().AsTask().Within("the first token"));

        for (var i = 0; i < 5; i++)
        {
            await engine.AnswerAsync("What is the capital of Japan?").Within("an answer beside it");
        }

        var rest = 1;
        while (await still.MoveNextAsync().AsTask().Within("the rest"))
        {
            rest++;
        }

        Assert.True(rest > 10);
    }

    [Fact]
    public async Task DisposeAsync_WithRequestsInside_EndsThemAndRefusesMore()
    {
        var engine = TinyModel.LoadEngine(OneAtATime, _gate);
        var running = engine.AnswerAsync("Tell me a short story.");
        _gate.WaitUntilReached();
        var waiting = engine.AnswerAsync("Tell me a short story.");

        var disposed = engine.DisposeAsync().AsTask();
        _gate.Open();

        await disposed.Within("the engine's end");
        await Assert.ThrowsAsync<EngineStoppedException>(() => running).Within("the running request's end");
        await Assert.ThrowsAsync<EngineStoppedException>(() => waiting).Within("the waiting request's end");
        await Assert.ThrowsAsync<EngineStoppedException>(() => engine.AnswerAsync("Hello!"));
        Assert.True(engine.Completion.IsCompletedSuccessfully);
        Assert.Throws<ObjectDisposedException>(() => engine.Vocabulary.Encode("x", parseSpecial: false));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task Completion_ComputationFails_FailsEveryRequestAndTheEngine()
    {
        await using var engine = TinyModel.LoadEngine(OneAtATime, _gate);

        // A position that the engine does not expect in its only sequence makes llama.cpp refuse the next batch.
        engine.Context.Clear();
        engine.Context.Add(token: 1, position: 5, sequence: 0, wantsLogits: false);
        Assert.True(engine.Context.Decode());
        var running = engine.AnswerAsync("Hello!");
        _gate.WaitUntilReached();
        var waiting = engine.AnswerAsync("Hello!");
        _gate.Open();

        await Assert.ThrowsAsync<EngineFailedException>(() => running).Within("the running request's end");
        await Assert.ThrowsAsync<EngineFailedException>(() => waiting).Within("the waiting request's end");
        await Assert.ThrowsAsync<EngineFailedException>(() => engine.Completion).Within("the engine's end");
        await Assert.ThrowsAsync<EngineFailedException>(() => engine.AnswerAsync("Hello!"));
    }

    [Fact]
    public async Task Load_ManyEnginesAtOnce_AnswerIndependently()
    {
        var engines = Enumerable.Range(0, 3).Select(_ => TinyModel.LoadEngine(OneAtATime)).ToList();
        var asked = engines.Select(engine => engine.AnswerAsync("What is the capital of Japan?"));
        var answers = await Task.WhenAll(asked).Within("all answers");
        Assert.All(answers, answer => Assert.Contains("Tokyo", answer.Text, StringComparison.Ordinal));
        foreach (var engine in engines)
        {
            await engine.DisposeAsync();
        }
    }

    public void Dispose() => _gate.Dispose();
}
