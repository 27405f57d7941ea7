namespace BTTInferGrid.Inference.Tests.Engines;

public sealed class CachePressureTests : IAsyncLifetime
{
    private static readonly EngineOptions Tiny =
        new() { CacheTokens = 256, MaxSequences = 8, BatchTokens = 64, QueueCapacity = 64 };

    private static readonly string[] Questions =
    [
        "Tell me a short story.", "Tell me a story about a dog.", "What is the capital of Japan?",
        "Tell me a story about a miner.", "Tell me a story about the sea.", "What is the opposite of hot?",
        "Tell me a story about a horse.", "Tell me a story about winter.", "What does a horse eat?",
        "Tell me a story about a king.", "Tell me a story about bread.", "What colour is snow?",
    ];

    private readonly Engine _roomy = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 1024, MaxSequences = 1 });

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1 << 24)]
    [InlineData(8, 1 << 24)]
    public async Task GenerateAsync_ManyMoreThanFit_GivesTheAnswersOfAnEmptyEngine(int overcommit, int retained)
    {
        await using var engine = TinyModel.LoadEngine(
            Tiny with { Overcommit = overcommit, RetainedTokens = retained });
        var requests = Questions.Concat(Questions).Select(Long).ToList();
        var expected = new List<Answer>();
        foreach (var request in requests[..Questions.Length])
        {
            expected.Add(await _roomy.AnswerAsync(request).Within("the answer of an empty engine"));
        }

        var answers = await Task.WhenAll(requests.Select(request => engine.AnswerAsync(request))).Within("all answers");

        Assert.All(answers.Zip(expected.Concat(expected)), pair => AssertSameUpToNoise(pair.Second, pair.First));
        Assert.Contains(answers, answer => answer.Result.Preemptions > 0);
        Assert.Equal(new EngineStatus(0, 0, 0, engine.Status.RetainedTokens, 256), engine.Status);
    }

    [Fact]
    public async Task GenerateAsync_LargeMaxTokens_DoNotKeepOthersOut()
    {
        using var gate = new StopwatchGate();
        await using var engine = TinyModel.LoadEngine(Tiny, gate);
        var requests = Enumerable.Range(0, 3).Select(_ => engine.AnswerAsync(
            TinyModel.Ask("What is the capital of Japan?", maxTokens: 200))).ToList();
        gate.WaitUntilReached();
        gate.Open();

        // Answers of a few tokens never grow into the room that 3 times 200 tokens would need.
        var answers = await Task.WhenAll(requests).Within("all answers");

        Assert.All(answers, answer => Assert.Equal("The capital of Japan is Tokyo.", answer.Text));
        Assert.All(answers, answer => Assert.Equal(0, answer.Result.Preemptions));
    }

    [Fact]
    public async Task GenerateAsync_HigherPriority_IsNotInterrupted()
    {
        await using var engine = TinyModel.LoadEngine(Tiny);
        var ordinary = Questions.Where(question => question.StartsWith("Tell", StringComparison.Ordinal))
            .Select(question => engine.AnswerAsync(Long(question))).ToList();
        var urgent = Long("Tell me a short story.") with { Priority = 1 };

        var answer = await engine.AnswerAsync(urgent).Within("the urgent answer");

        Assert.Equal(0, answer.Result.Preemptions);
        var others = await Task.WhenAll(ordinary).Within("the other answers");
        Assert.Contains(others, other => other.Result.Preemptions > 0);
    }

    [Fact]
    public async Task GenerateAsync_CancelledWhileInterrupted_IsForgotten()
    {
        await using var engine = TinyModel.LoadEngine(Tiny);
        using var cancel = new CancellationTokenSource();
        var doomed = Questions.Select(question => engine.AnswerAsync(Long(question), cancel.Token)).ToList();
        await Task.WhenAny(doomed).Within("the first answer");

        await cancel.CancelAsync();
        var ends = doomed.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default));
        await Task.WhenAll(ends).Within("all ends");
        var after = await engine.AnswerAsync("What is the capital of Japan?").Within("an answer after");

        Assert.Equal("The capital of Japan is Tokyo.", after.Text);
        Assert.Equal(new EngineStatus(0, 0, 0, engine.Status.RetainedTokens, 256), engine.Status);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _roomy.DisposeAsync();

    /// <summary>
    /// An answer that cannot end before it is 100 tokens long, so that a few of them overfill the cache.
    /// </summary>
    private static EngineRequest Long(string question)
    {
        var vocabulary = TinyModel.Vocabulary;
        var ends = Enumerable.Range(0, vocabulary.Size).Where(vocabulary.IsEndOfGeneration);
        return TinyModel.Ask(question, maxTokens: 100) with
        {
            LogProbabilities = 5,
            Sampling = new SamplingParameters
            {
                Temperature = 0,
                LogitBias = ends.ToDictionary(token => token, _ => -100f),
            },
        };
    }

    /// <summary>
    /// The same tokens, except from where two were so close that what else is computed beside them decides.
    /// </summary>
    private static void AssertSameUpToNoise(Answer expected, Answer actual)
    {
        Assert.Equal(expected.Tokens.Count, actual.Tokens.Count);
        Assert.Equal(actual.Tokens, actual.LogProbabilities.Select(entry => entry.Chosen.Token));
        var parting = expected.Tokens.Zip(actual.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
        if (parting == expected.Tokens.Count)
        {
            return;
        }

        var there = expected.LogProbabilities[parting];
        var other = Assert.Single(there.Top, entry => entry.Token == actual.Tokens[parting]);
        Assert.InRange(there.Chosen.LogProbability - other.LogProbability, 0, 0.1);
    }
}
