using FluentAssertions;

namespace BTTInferGrid.Inference.Tests.Engines;

public sealed class GenerationReaderTests : IDisposable
{
    private static readonly EngineRequest Japan = TinyModel.Ask("What is the capital of Japan?");

    private readonly StopwatchGate _gate = new();

    [Fact]
    public async Task TryTake_TokensThatAreThere_GivesAllOfThem()
    {
        await using var engine = TinyModel.LoadEngine();
        var expected = await engine.AnswerAsync(Japan).Within("the answer");
        using var answer = engine.Start(Japan);
        await engine.AnswerAsync("What is the capital of France?").Within("a later answer of the same length");
        var tokens = new List<int>();
        var text = "";
        var waits = 0;
        while (await answer.WaitAsync(CancellationToken.None).AsTask().Within("the next tokens"))
        {
            waits++;
            while (answer.TryTake(out var token))
            {
                tokens.Add(token.Token);
                text += token.Text;
            }
        }

        tokens.Should().Equal(expected.Tokens);
        text.Should().Be(expected.Text);
        waits.Should().BeLessThan(tokens.Count);
        answer.Result.OutputTokens.Should().Be(tokens.Count);
    }

    [Fact]
    public async Task Result_BeforeTheEnd_Throws()
    {
        await using var engine = TinyModel.LoadEngine();
        using var answer = engine.Start(Japan);

        answer.Invoking(it => it.Result).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task WaitAsync_AnsweredToTheEnd_IsCompleteAtOnce()
    {
        await using var engine = TinyModel.LoadEngine();
        var whole = await engine.AnswerAsync(Japan).Within("the answer");
        using var answer = engine.Start(Japan with { Answered = whole.Tokens.ToArray() });

        (await answer.WaitAsync(CancellationToken.None)).Should().BeFalse();
        answer.Result.OutputTokens.Should().Be(0);
    }

    [Fact]
    public async Task Start_QueueFull_IsTurnedAway()
    {
        var options = new EngineOptions { CacheTokens = 512, MaxSequences = 1, QueueCapacity = 1, BatchTokens = 64 };
        await using var engine = TinyModel.LoadEngine(options, _gate);
        using var running = engine.Start(Japan);
        _gate.WaitUntilReached();
        using var waiting = engine.Start(Japan);

        engine.Invoking(it => it.Start(Japan)).Should().Throw<EngineBusyException>();
        waiting.Dispose();
        engine.Invoking(it => it.Start(Japan).Dispose()).Should().NotThrow("a place was given back");
        _gate.Open();
    }

    [Fact]
    public async Task WithText_False_GivesTheSameTokensWithoutTheirText()
    {
        await using var engine = TinyModel.LoadEngine();
        var expected = await engine.AnswerAsync(Japan).Within("the answer");

        var answer = await engine.AnswerAsync(Japan with { WithText = false }).Within("the answer without text");

        answer.Tokens.Should().Equal(expected.Tokens);
        answer.Text.Should().BeEmpty();
        answer.Result.StopReason.Should().Be(StopReason.EndOfGeneration);
    }

    [Theory]
    [InlineData("is Tok")]
    [InlineData("The")]
    [InlineData("apan")]
    public async Task WithText_FalseWithStopString_EndsTheAnswerAtTheSameToken(string stop)
    {
        await using var engine = TinyModel.LoadEngine();
        var request = Japan with { Stop = ["never", stop] };
        var expected = await engine.AnswerAsync(request).Within("the answer");

        var answer = await engine.AnswerAsync(request with { WithText = false }).Within("the answer without text");

        answer.Tokens.Should().Equal(expected.Tokens);
        answer.Text.Should().BeEmpty();
        (answer.Result.StopReason, answer.Result.StopString).Should().Be((StopReason.StopString, stop));
    }

    public void Dispose() => _gate.Dispose();
}
