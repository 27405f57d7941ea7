using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>A miner may be anyone: everything that it could send and the protocol does not allow.</summary>
public sealed class AnswerValidatorTests(AnswerValidatorTests.TinyVocabulary tiny) : IClassFixture<AnswerValidatorTests.TinyVocabulary>
{
    private const int End = 1023;
    private readonly JobRequest _job = new(
        "model", "profile", tiny.Vocabulary.Size, [1, 2, 3], new SamplingOptions(), MaxTokens: 4, [], null);

    private AnswerValidator? _lazy;

    private AnswerValidator Validator => _lazy ??= New();

    [Fact]
    public void Next_HonestStream_PassesAsItIs()
    {
        var tokens = new JobTokens([5, 99]);

        Validator.Next(tokens).Should().BeSameAs(tokens);
        Validator.Next(new JobTokens([End]));
        var result = Result(3, 3);

        Validator.Next(result).Should().BeSameAs(result);
        Validator.Invoking(static validator => validator.End()).Should().NotThrow();
    }

    [Fact]
    public void Next_AnswerThatAnotherMinerBegan_CountsBoth()
    {
        _lazy = New(answered: [7, 8]);
        Validator.Next(new JobTokens([End]));

        Validator.Next(Result(3, 1)).Should().BeOfType<JobResult>().Which.Usage.OutputTokens.Should().Be(3);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Next_TokenOutsideTheVocabulary_IsBroken(int token) =>
        ShouldBreak(new JobTokens([1, token]), $"token {token}");

    [Fact]
    public void Next_MoreTokensThanAskedFor_IsBroken()
    {
        Validator.Next(new JobTokens([1, 2, 3]));

        ShouldBreak(new JobTokens([4, 5]), "more than the 4 tokens");
    }

    [Fact]
    public void Next_NoTokens_IsBroken()
    {
        ShouldBreak(new JobTokens([]), "without tokens");
        ShouldBreak(new JobTokens(default), "without tokens");
    }

    [Fact]
    public void Next_TokensAfterAnEndToken_IsBroken() => ShouldBreak(new JobTokens([End, 1]), "after the end");

    [Fact]
    public void Next_TokensAfterAStopString_IsBroken()
    {
        var token = tiny.Vocabulary.Encode("stop here", parseSpecial: false);
        _lazy = New(_job with { Stop = ["stop"], MaxTokens = 64 });

        ShouldBreak(new JobTokens([.. token, .. token]), "after the end");
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    [InlineData(300, 1)]
    public void Next_CountsThatWereNotSeen_IsBroken(int promptTokens, int outputTokens)
    {
        Validator.Next(new JobTokens([1]));

        ShouldBreak(Result(promptTokens, outputTokens), "3 + 1 were seen");
    }

    [Fact]
    public void Next_UnknownStopReason_IsBroken() =>
        ShouldBreak(new JobResult((StopReason)77, Result(3, 0).Usage), "stop reason 77");

    [Fact]
    public void Next_ResultWithoutTokens_IsBroken() => ShouldBreak(Result(3, 0), "after 0 of 4 tokens");

    [Theory]
    [InlineData(StopReason.EndOfGeneration)]
    [InlineData(StopReason.StopString)]
    [InlineData(StopReason.MaxTokens)]
    public void Next_AnswerCutShort_IsBroken(StopReason reason)
    {
        _lazy = New(_job with { Stop = ["stop"] });
        Validator.Next(new JobTokens([1, 2, 3]));

        ShouldBreak(Result(3, 3) with { StopReason = reason }, $"{reason} after 3 of 4");
    }

    [Fact]
    public void Next_StopStringThatIsThere_IsTheEnd()
    {
        var tokens = tiny.Vocabulary.Encode("please stop", parseSpecial: false);
        _lazy = New(_job with { Stop = ["stop"], MaxTokens = 64 });
        Validator.Next(new JobTokens([.. tokens]));

        Validator.Next(Result(3, tokens.Length) with { StopReason = StopReason.StopString });

        Validator.Ended.Should().BeTrue();
    }

    [Fact]
    public void Next_ResultWithoutUsage_IsBroken() => ShouldBreak(new JobResult(StopReason.MaxTokens, null!), "were seen");

    [Fact]
    public void Next_AnythingAfterTheResult_IsBroken()
    {
        Validator.Next(new JobTokens([End]));
        Validator.Next(Result(3, 1));

        ShouldBreak(new JobTokens([1]), "after its result");
        ShouldBreak(Result(3, 1), "after its result");
    }

    [Fact]
    public void Next_StepThatIsNotAMiners_IsBroken()
    {
        ShouldBreak(null!, "unknown step");
        ShouldBreak(new JobPlaced("another"), "unknown step");
    }

    [Fact]
    public void Next_LogProbabilitiesThatWereNotAskedFor_IsBroken() =>
        ShouldBreak(new JobTokens([1], [new TokenLogProb(-1, [])]), "1 log-probabilities");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Next_AnotherNumberOfLikelyTokens_IsBroken(int count)
    {
        _lazy = New(_job with { TopLogProbs = 2 });

        ShouldBreak(
            new JobTokens([1], [new TokenLogProb(-1, [.. Enumerable.Repeat(new TopLogProb(1, -1), count)])]), "likely tokens");
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Next_LogProbabilityThatIsNone_IsBroken(float value)
    {
        _lazy = New(_job with { TopLogProbs = 0 });

        ShouldBreak(new JobTokens([1], [new TokenLogProb(value, [])]), "log-probability");
    }

    [Fact]
    public void End_WithoutResult_IsBroken()
    {
        Validator.Next(new JobTokens([1]));

        Validator.Invoking(static validator => validator.End())
            .Should().Throw<MinerFailedException>().WithMessage("*without a result*");
    }

    private AnswerValidator New(JobRequest? job = null, ImmutableArray<int>? answered = null) =>
        new(new AttemptPlan("miner-7", job ?? _job, tiny.Vocabulary, answered ?? [], default));

    private void ShouldBreak(JobEvent step, string reason) => Validator.Invoking(validator => validator.Next(step))
        .Should().Throw<MinerFailedException>().WithMessage($"*{reason}*").Which.MinerId.Should().Be("miner-7");

    private static JobResult Result(int promptTokens, int outputTokens) => new(
        StopReason.EndOfGeneration,
        new GenerationUsage(promptTokens, outputTokens, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));

    /// <summary>Loaded once for all tests.</summary>
    public sealed class TinyVocabulary : IDisposable
    {
        public Vocabulary Vocabulary { get; } = Vocabulary.Load(
            LlamaLibrary.Load(new LlamaOptions(), NullLogger<LlamaLibrary>.Instance), TinyModel.File);

        public void Dispose() => Vocabulary.Dispose();
    }
}
