using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>A miner that is lost in the middle of an answer: the answer goes on with its next token.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private TestGrid _grid = null!;

    public async Task InitializeAsync() => _grid = await TestGrid.StartAsync(miners: 2);

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Theory]
    [InlineData(0f, 1)]
    [InlineData(0f, 40)]
    [InlineData(1.2f, 7)]
    [InlineData(1.2f, 100)]
    public async Task Run_MinerLostMidStream_AnswerIsThatOfAnUndisturbedRun(float temperature, int lostAfter)
    {
        var request = Story(temperature);
        var undisturbed = await TokensAsync(request, lostAfter: null);

        var (tokens, miners, jobId) = await TokensAsync(request, lostAfter);

        Assert.Equal(undisturbed.Tokens, tokens);
        Assert.Equal(2, miners.Distinct().Count());
        var trace = await _grid.Grains.GetGrain<IJobGrain>(jobId).Trace();
        Assert.Equal(JobState.Completed, trace!.State);
        Assert.Equal(tokens.Count, trace.OutputTokens);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], trace.Attempts.Select(static one => one.Outcome!.Value));
        Assert.Equal(tokens.Count, trace.Attempts.Sum(static one => one.OutputTokens));
    }

    [Fact]
    public async Task Run_AllMinersLost_GoesOnWhenOneIsBack()
    {
        var (tokens, miners, _) = await TokensAsync(Story(0), lostAfter: 20, loseAll: true);

        Assert.Equal((await TokensAsync(Story(0), lostAfter: null)).Tokens, tokens);
        Assert.True(miners.Count > 1);
    }

    private JobRequest Story(float temperature)
    {
        var model = _grid.Model;
        return new JobRequest(
            TinyModel.Id, model.Profile, model.Vocabulary.Size,
            [.. model.Vocabulary.EncodeChat([new ChatMessage("user", TinyModel.LongQuestion)])],
            new SamplingOptions(temperature, LogitBias: TinyModel.NeverEnd), MaxTokens: 200, [], ClientSeed: 5);
    }

    /// <summary>Runs a job and ends the session of its miner, or of all, after some tokens; nodes come back by themselves.</summary>
    private async Task<(List<int> Tokens, List<string> Miners, string JobId)> TokensAsync(
        JobRequest request, int? lostAfter, bool loseAll = false)
    {
        foreach (var miner in _grid.Miners)
        {
            await _grid.WaitForAsync(miner.Id, MinerState.Active);
        }

        var jobId = Guid.NewGuid().ToString("N");
        var (tokens, miners) = (new List<int>(), new List<string>());
        await foreach (var step in _grid.Grains.GetGrain<IJobGrain>(jobId).Run(request))
        {
            if (step is JobPlaced placed)
            {
                miners.Add(placed.MinerId);
            }
            else if (step is JobTokens made)
            {
                tokens.AddRange(made.Tokens);
            }

            if (tokens.Count >= lostAfter && miners.Count == 1)
            {
                lostAfter = null;
                foreach (var lost in loseAll ? _grid.Miners.Select(static miner => miner.Id) : [miners[0]])
                {
                    _grid.Disconnect(lost);
                }
            }
        }

        return (tokens, miners, jobId);
    }
}
