namespace BTTInferGrid.Inference.Tests.Engines;

public sealed class EngineChoiceTests : IAsyncLifetime
{
    private static readonly EngineRequest Japan = TinyModel.Ask("What is the capital of Japan?");

    private readonly Engine _engine = TinyModel.LoadEngine(new EngineOptions { CacheTokens = 1024 });

    [Fact]
    public async Task GenerateAsync_LogProbabilities_AreTheModelsOwnWhateverTheSampling()
    {
        var sampling = new SamplingParameters
        {
            Temperature = 0,
            RepetitionPenalty = 1.05f,
            LogitBias = new Dictionary<int, float> { [Japan.Prompt.Span[0]] = -100 },
        };
        var plain = await AnswerAsync(Japan with { LogProbabilities = 20 });
        var adjusted = await AnswerAsync(Japan with { LogProbabilities = 3, Sampling = sampling });
        var none = await AnswerAsync(Japan);

        Assert.Equal(plain.Tokens, plain.LogProbabilities.Select(entry => entry.Chosen.Token));
        Assert.All(plain.LogProbabilities, entry =>
        {
            // Greedy takes the likeliest; twenty tokens of a confident model hold nearly all of the probability.
            Assert.Equal(20, entry.Top.Length);
            Assert.Equal(entry.Chosen, entry.Top[0]);
            Assert.InRange(entry.Top.Sum(top => Math.Exp(top.LogProbability)), 0.5, 1.0001);
        });
        Assert.Equal(3, adjusted.LogProbabilities[0].Top.Length);
        Assert.Equal(
            plain.LogProbabilities[0].Top[0].LogProbability, adjusted.LogProbabilities[0].Top[0].LogProbability, 2);
        Assert.Empty(none.LogProbabilities);
    }

    [Fact]
    public async Task GenerateAsync_BiasAgainstAToken_AvoidsIt()
    {
        var usual = await AnswerAsync(Japan);
        var bias = new Dictionary<int, float> { [usual.Tokens[0]] = -100 };

        var other = await AnswerAsync(Japan with { Sampling = new() { Temperature = 0, LogitBias = bias } });

        Assert.DoesNotContain(usual.Tokens[0], other.Tokens);
    }

    [Fact]
    public async Task GenerateAsync_BiasForAToken_ForcesItAndIsCopied()
    {
        var bias = new Dictionary<int, float> { [40] = 100 };
        var sampling = new SamplingParameters { Temperature = 1, LogitBias = bias };
        var events = _engine.GenerateAsync(Japan with { MaxTokens = 5, Sampling = sampling });
        bias.Clear();

        var tokens = new List<int>();
        await foreach (var item in events)
        {
            tokens.AddRange((item as EngineTokens)?.Tokens ?? []);
        }

        Assert.Equal([40, 40, 40, 40, 40], tokens);
    }

    [Theory]
    [InlineData(10f, 0f, 0f)]
    [InlineData(1f, 2f, 0f)]
    public async Task GenerateAsync_Penalties_ChangeTheAnswer(float repetition, float frequency, float presence)
    {
        // Unpenalised, the bias repeats one token for ever.
        var sampling = new SamplingParameters
        {
            Temperature = 0,
            LogitBias = new Dictionary<int, float> { [40] = 30 },
        };
        var request = Japan with { MaxTokens = 60, Sampling = sampling };
        var penalised = sampling with
        {
            RepetitionPenalty = repetition,
            FrequencyPenalty = frequency,
            PresencePenalty = presence,
        };

        var usual = await AnswerAsync(request);
        var changed = await AnswerAsync(request with { Sampling = penalised });

        Assert.All(usual.Tokens, token => Assert.Equal(40, token));
        Assert.Contains(changed.Tokens, token => token != 40);
    }

    [Fact]
    public async Task GenerateAsync_StopToken_EndsTheAnswerWithoutItsText()
    {
        var usual = await AnswerAsync(Japan);
        var third = usual.Tokens[2];

        var answer = await AnswerAsync(Japan with { StopTokens = [third] });

        Assert.Equal(StopReason.StopToken, answer.Result.StopReason);
        Assert.Equal(usual.Tokens.Take(3), answer.Tokens);
        Assert.StartsWith(answer.Text, usual.Text, StringComparison.Ordinal);
        Assert.Equal(
            usual.Tokens.Take(2).Sum(token => _engine.Vocabulary.Decode(token).Length), answer.Text.Length);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    private Task<Answer> AnswerAsync(EngineRequest request) => _engine.AnswerAsync(request).Within("the answer");
}
