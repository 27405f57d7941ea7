namespace BTTInferGrid.Inference.Tests.Engines;

public sealed class PrefixReuseTests : IAsyncLifetime
{
    private static readonly string[] Questions =
    [
        "What is the capital of Japan?", "What is the capital of France?", "What is the opposite of hot?",
        "Which day comes after Monday?", "What colour is snow?", "What does a horse eat?",
    ];

    private readonly Engine _engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 1024 });

    private readonly Engine _without =
        TinyModel.LoadEngine(new EngineOptions { CacheTokens = 1024, RetainedTokens = 0 });

    [Fact]
    public async Task GenerateAsync_SamePromptAgain_ReadsTheLastTokenOnly()
    {
        var request = TinyModel.Ask("What is the capital of Japan?");

        var first = await AnswerAsync(request);
        var second = await AnswerAsync(request);

        Assert.Equal(0, first.Result.CachedPromptTokens);
        Assert.Equal(request.Prompt.Length - 1, second.Result.CachedPromptTokens);
        Assert.Equal(first.Tokens, second.Tokens);
    }

    [Fact]
    public async Task GenerateAsync_AnyOrderOfQuestions_GivesTheAnswersWithoutCache()
    {
        foreach (var question in Questions.Concat(Questions.Reverse()))
        {
            var expected = await _without.AnswerAsync(question).Within("the answer without cache");
            var actual = await _engine.AnswerAsync(question).Within("the answer");
            Assert.Equal(expected.Tokens, actual.Tokens);
            Assert.Equal(0, expected.Result.CachedPromptTokens);
        }

        Assert.Equal(0, _without.Status.RetainedTokens);
        Assert.True(_engine.Status.RetainedTokens > 0);
    }

    [Fact]
    public async Task GenerateAsync_NextTurnOfAConversation_ReusesPromptAndAnswer()
    {
        var first = TinyModel.Ask("What is the capital of Japan?");
        var answer = await AnswerAsync(first);
        ChatMessage[] conversation =
        [
            new("user", "What is the capital of Japan?"),
            new("assistant", answer.Text),
            new("user", "What is the capital of France?"),
        ];
        var second = first with { Prompt = TinyModel.Vocabulary.EncodeChat(conversation) };

        var next = await AnswerAsync(second);

        Assert.True(next.Result.CachedPromptTokens >= first.Prompt.Length + answer.Tokens.Count - 1);
        Assert.Equal((await _without.AnswerAsync(second).Within("the answer without cache")).Tokens, next.Tokens);
    }

    [Fact]
    public async Task GenerateAsync_OtherTenant_FindsNothing()
    {
        var request = TinyModel.Ask("What is the capital of Japan?") with { Tenant = "a" };
        await AnswerAsync(request);

        var other = await AnswerAsync(request with { Tenant = "b" });
        var none = await AnswerAsync(request with { Tenant = "" });
        var same = await AnswerAsync(request);

        Assert.Equal(0, other.Result.CachedPromptTokens);
        Assert.Equal(0, none.Result.CachedPromptTokens);
        Assert.Equal(request.Prompt.Length - 1, same.Result.CachedPromptTokens);
    }

    [Fact]
    public async Task GenerateAsync_BesideARunningRequest_SharesItsPrompt()
    {
        var story = TinyModel.Ask("Tell me a short story.");
        await using var running = _engine.GenerateAsync(story).GetAsyncEnumerator();
        Assert.True(await running.MoveNextAsync().AsTask().Within("the first token"));

        var second = await AnswerAsync(story);
        var tokens = ((EngineTokens)running.Current).Tokens.ToList();
        while (await running.MoveNextAsync().AsTask().Within("the rest"))
        {
            tokens.AddRange((running.Current as EngineTokens)?.Tokens ?? []);
        }

        Assert.Equal(story.Prompt.Length - 1, second.Result.CachedPromptTokens);
        Assert.Equal(second.Tokens, tokens);
    }

    [Fact]
    public async Task GenerateAsync_MorePromptsThanTheCacheHolds_EvictsTheLongestUnused()
    {
        var options = new EngineOptions { CacheTokens = 512, MaxSequences = 2, RetainedTokens = 1024 };
        await using var engine = TinyModel.LoadEngine(options);
        var prompts = Enumerable.Range(0, 5).Select(i => Prompt(200, seed: i)).ToList();
        foreach (var i in new[] { 0, 1, 0, 2 })
        {
            await engine.AnswerAsync(prompts[i]).Within($"answer {i}");
        }

        // Two of 200 tokens fit beside a third: 1 had to go for 2, because 0 was used after it.
        var kept = await engine.AnswerAsync(prompts[0]).Within("an answer from the cache");
        var gone = await engine.AnswerAsync(prompts[1]).Within("an answer after eviction");

        Assert.Equal(199, kept.Result.CachedPromptTokens);
        Assert.Equal(0, gone.Result.CachedPromptTokens);
        Assert.InRange(engine.Status.RetainedTokens, 200, 512);
    }

    [Fact]
    public async Task GenerateAsync_RetainedTokensLimited_KeepsNoMore()
    {
        await using var engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 1024, RetainedTokens = 250 });
        for (var i = 0; i < 4; i++)
        {
            await engine.AnswerAsync(Prompt(100, seed: i)).Within("the answer");
            Assert.InRange(engine.Status.RetainedTokens, 100, 250);
        }
    }

    [Fact]
    public async Task GenerateAsync_AloneAndLongerThanIsRetained_IsFoundAgain()
    {
        await using var engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 1024, RetainedTokens = 64 });
        var first = await engine.AnswerAsync(Prompt(100, seed: 1)).Within("the first answer");
        var again = await engine.AnswerAsync(Prompt(100, seed: 1)).Within("the same again");
        await engine.AnswerAsync(Prompt(100, seed: 2)).Within("another");
        var gone = await engine.AnswerAsync(Prompt(100, seed: 1)).Within("the first after another");

        Assert.Equal([0, 99, 0], new[] { first, again, gone }.Select(answer => answer.Result.CachedPromptTokens));
    }

    [Theory]
    [InlineData(400, 8, 344)]
    [InlineData(400, 64, 400)]
    [InlineData(400, 1, 400)]
    [InlineData(40, 8, 40)]
    public async Task GenerateAsync_ShortRestOfALongPrompt_IsReadWithWhatFillsATile(int found, int rest, int cached)
    {
        var whole = Prompt(found + rest, seed: 5) with { MaxTokens = 1 };
        await AnswerAsync(whole with { Prompt = whole.Prompt[..found] });

        var answer = await AnswerAsync(whole);

        Assert.Equal(cached, answer.Result.CachedPromptTokens);
        Assert.Equal((await _without.AnswerAsync(whole).Within("the answer without cache")).Tokens, answer.Tokens);
    }

    [Fact]
    public async Task GenerateAsync_MoreEndedRequestsThanSequences_GoesOn()
    {
        for (var i = 0; i < 300; i++)
        {
            await AnswerAsync(Prompt(2, seed: i) with { MaxTokens = 1 });
        }

        Assert.InRange(_engine.Status.RetainedTokens, 200, 512);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _without.DisposeAsync();
    }

    private static EngineRequest Prompt(int length, int seed)
    {
        var random = new Random(seed);
        return new EngineRequest
        {
            Prompt = Enumerable.Range(0, length).Select(_ => random.Next(300, 900)).ToArray(),
            MaxTokens = 4,
            Sampling = SamplingParameters.Greedy,
        };
    }

    private Task<Answer> AnswerAsync(EngineRequest request) => _engine.AnswerAsync(request).Within("the answer");
}
