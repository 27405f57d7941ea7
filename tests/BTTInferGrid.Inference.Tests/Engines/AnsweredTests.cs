namespace BTTInferGrid.Inference.Tests.Engines;

/// <summary>An answer that one engine began and another ends.</summary>
public class AnsweredTests
{
    private const string Digits = """root ::= "one" " two" " three" " four" """;

    public static TheoryData<string, EngineRequest> Requests => new()
    {
        { "greedy", TinyModel.Ask("Tell me a short story.", maxTokens: 96) },
        {
            "seeded",
            TinyModel.Ask("Tell me a short story.", maxTokens: 96) with { Sampling = new SamplingParameters { Seed = 75 } }
        },
        {
            "penalties",
            TinyModel.Ask("Tell me a short story.", maxTokens: 96) with
            {
                Sampling = new SamplingParameters { Temperature = 0, FrequencyPenalty = 0.5f, RepetitionPenalty = 1.2f },
            }
        },
        { "stop string", TinyModel.Ask("What is the capital of Japan?") with { Stop = ["is Tok"] } },
        { "grammar", TinyModel.Ask("Count.") with { Grammar = Digits } },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task GenerateAsync_FromAnyPointOn_EndsTheAnswerAsItWouldHave(string kind, EngineRequest request)
    {
        _ = kind;
        await using var engine = TinyModel.LoadEngine(new EngineOptions { RetainedTokens = 0 });
        var whole = await engine.AnswerAsync(request).Within("the whole answer");

        for (var made = 1; made < whole.Tokens.Count; made += 5)
        {
            var rest = await engine.AnswerAsync(request with { Answered = whole.Tokens.Take(made).ToArray() })
                .Within("the rest of the answer");

            Assert.Equal(whole.Tokens.Skip(made), rest.Tokens);
            Assert.Equal(whole.Result.StopReason, rest.Result.StopReason);
            Assert.Equal(whole.Tokens.Count - made, rest.Result.OutputTokens);
            Assert.Equal(request.Prompt.Length, rest.Result.PromptTokens);
        }
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task GenerateAsync_AnsweredToTheEnd_GivesTheResultAtOnce(string kind, EngineRequest request)
    {
        _ = kind;
        await using var engine = TinyModel.LoadEngine(new EngineOptions { RetainedTokens = 0 });
        var whole = await engine.AnswerAsync(request).Within("the whole answer");

        var rest = await engine.AnswerAsync(request with { Answered = whole.Tokens.ToArray() }).Within("the result");

        Assert.Empty(rest.Tokens);
        Assert.Equal(whole.Result.StopReason, rest.Result.StopReason);
        Assert.Equal(whole.Result.StopString, rest.Result.StopString);
        Assert.Equal(0, rest.Result.OutputTokens);
    }

    [Fact]
    public async Task GenerateAsync_AnsweredThatCannotBe_IsRefused()
    {
        await using var engine = TinyModel.LoadEngine();
        var whole = await engine.AnswerAsync("What is the capital of Japan?").Within("the whole answer");
        var ask = TinyModel.Ask("What is the capital of Japan?");
        int[] beyondTheEnd = [.. whole.Tokens, whole.Tokens[0]];

        await RefusedAsync(engine, ask with { Answered = beyondTheEnd });
        await RefusedAsync(engine, ask with { Stop = ["capital"], Answered = whole.Tokens.ToArray() });
        await RefusedAsync(engine, ask with { MaxTokens = 2, Answered = whole.Tokens.Take(3).ToArray() });
        await RefusedAsync(engine, ask with { Grammar = Digits, Answered = whole.Tokens.Take(2).ToArray() });
        await RefusedAsync(engine, ask with { Answered = new[] { -1 } });
    }

    private static async Task RefusedAsync(Engine engine, EngineRequest request)
    {
        var error = await Assert.ThrowsAsync<InvalidParameterException>(() => engine.AnswerAsync(request));
        Assert.StartsWith(nameof(EngineRequest.Answered), error.Field, StringComparison.Ordinal);
    }
}
