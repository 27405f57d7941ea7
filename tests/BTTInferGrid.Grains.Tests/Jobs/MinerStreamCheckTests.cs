using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Jobs;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>A miner may be anyone: everything it could send that the protocol does not allow.</summary>
public sealed class MinerStreamCheckTests
{
    private static readonly JobRequest Request =
        new("model", "profile", VocabularySize: 100, [1, 2, 3], new SamplingOptions(), MaxTokens: 4, [], null);

    private readonly MinerStreamCheck _check = new("miner-7", Request);

    [Fact]
    public void Next_HonestStream_PassesAsItIs()
    {
        Assert.Equal([5, 99], Assert.IsType<JobTokens>(_check.Next(new MinerTokens([5, 99]))).Tokens.ToArray());
        Assert.Equal([0], Assert.IsType<JobTokens>(_check.Next(new MinerTokens([0]))).Tokens.ToArray());
        Assert.Equal(3, Assert.IsType<JobResult>(_check.Next(Result(3, 3))).Usage.OutputTokens);
        _check.End();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Next_TokenOutsideTheVocabulary_IsBroken(int token) =>
        AssertBroken(new MinerTokens([1, token]), $"token {token}");

    [Fact]
    public void Next_MoreTokensThanAskedFor_IsBroken()
    {
        _check.Next(new MinerTokens([1, 2, 3]));

        AssertBroken(new MinerTokens([4, 5]), "more than the 4 tokens");
    }

    [Fact]
    public void Next_NoTokens_IsBroken()
    {
        AssertBroken(new MinerTokens([]), "without tokens");
        AssertBroken(new MinerTokens(default), "without tokens");
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    [InlineData(300, 1)]
    public void Next_CountsThatWereNotSeen_IsBroken(int promptTokens, int outputTokens)
    {
        _check.Next(new MinerTokens([1]));

        AssertBroken(Result(promptTokens, outputTokens), "3 + 1 were seen");
    }

    [Fact]
    public void Next_UnknownStopReason_IsBroken() =>
        AssertBroken(new MinerResult((StopReason)77, Result(3, 0).Usage), "stop reason 77");

    [Fact]
    public void Next_ResultWithoutTokens_IsBroken() => AssertBroken(Result(3, 0), "after 0 of 4 tokens");

    [Fact]
    public void Next_LimitThatWasNotReached_IsBroken()
    {
        _check.Next(new MinerTokens([1, 2, 3]));

        AssertBroken(Result(3, 3) with { StopReason = StopReason.MaxTokens }, "MaxTokens after 3 of 4");
    }

    [Fact]
    public void Next_ResultWithoutUsage_IsBroken() =>
        AssertBroken(new MinerResult(StopReason.MaxTokens, null!), "were seen");

    [Fact]
    public void Next_AnythingAfterTheResult_IsBroken()
    {
        _check.Next(new MinerTokens([1]));
        _check.Next(Result(3, 1));

        AssertBroken(new MinerTokens([1]), "after its result");
        AssertBroken(Result(3, 1), "after its result");
    }

    [Fact]
    public void Next_Null_IsBroken() => AssertBroken(null!, "unknown step");

    [Fact]
    public void End_WithoutResult_IsBroken()
    {
        _check.Next(new MinerTokens([1]));

        Assert.Contains("without a result", Assert.Throws<MinerFailedException>(_check.End).Message);
    }

    private void AssertBroken(MinerEvent step, string reason)
    {
        var error = Assert.Throws<MinerFailedException>(() => _check.Next(step));
        Assert.Equal("miner-7", error.MinerId);
        Assert.Contains(reason, error.Message);
    }

    private static MinerResult Result(int promptTokens, int outputTokens) => new(
        StopReason.EndOfGeneration,
        new GenerationUsage(promptTokens, outputTokens, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));
}
