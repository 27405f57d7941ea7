using BTTInferGrid.Compute;
using BTTInferGrid.Simulation;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>What a job does with requests that cannot be served, and what it leaves behind.</summary>
public sealed class JobRequestTests : IAsyncLifetime
{
    private SimulatedGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _grid = await SimulatedGrid.StartAsync();
        await _grid.AddMinersAsync(2);
    }

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Fact]
    public async Task Run_SameJobTwice_IsRefused()
    {
        await _grid.RunToEndAsync(SimulatedModel.Ask("a"), jobId: "twice");

        await RefusedAsync("job", SimulatedModel.Ask("a"), "twice");
    }

    [Fact]
    public async Task Run_ImpossibleRequest_IsRefusedByField()
    {
        var request = SimulatedModel.Ask("a");

        await RefusedAsync("model", request with { Model = "unknown" });
        await RefusedAsync("model", request with { VocabularySize = 1 });
        await RefusedAsync("prompt", request with { Prompt = [] });
        await RefusedAsync("prompt", request with { Prompt = default });
        await RefusedAsync("prompt[0]", request with { Prompt = [1 << 20] });
        await RefusedAsync("prompt[0]", request with { Prompt = [-1] });
        await RefusedAsync("max_tokens", request with { MaxTokens = int.MaxValue });
        await RefusedAsync("max_tokens", request with { MaxTokens = 0 });
        await RefusedAsync("temperature", request with { Sampling = new SamplingOptions(float.NaN) });
    }

    [Fact]
    public async Task Run_StopStringsMissing_IsAsWithNone()
    {
        var request = SimulatedModel.Ask("a");

        var run = await _grid.RunToEndAsync(request with { Stop = default });

        run.Tokens.Should().Equal(SimulatedModel.Answer(request));
    }

    [Fact]
    public async Task Run_RequestThatEveryMinerRefuses_IsRefusedAtOnceAndHeldAgainstNone()
    {
        for (var i = 0; i < 4; i++)
        {
            await RefusedAsync("request", SimulatedModel.Ask("a") with { Grammar = "root ::= (" }, $"refused-{i}");

            (await _grid.TraceAsync($"refused-{i}"))!.Attempts.Select(static one => one.Outcome)
                .Should().Equal(AttemptOutcome.Refused, AttemptOutcome.Refused);
        }

        foreach (var miner in _grid.Miners)
        {
            var standing = (await _grid.Grains.GetMiner(miner.Id).Standing())!;
            standing.State.Should().Be(MinerState.Active);
            standing.Stats.Failed.Should().Be(0);
        }
    }

    [Fact]
    public async Task Trace_OfAJob_HasWhoWasConsideredAndWhy()
    {
        var run = await _grid.RunToEndAsync(SimulatedModel.Ask("a"));

        var route = (await _grid.TraceAsync(run.JobId))!.Attempts.Should().ContainSingle().Which.Route;

        route.Known.Should().Be(2);
        route.Finalists.Should().HaveCount(2);
        route.Finalists[0].MinerId.Should().Be(run.Miners.Single());
        route.Finalists[0].ExpectedSeconds.Should().BePositive();
        route.Decision.Should().NotBeEmpty();
    }

    private async Task RefusedAsync(string field, JobRequest request, string? jobId = null)
    {
        var refusal = await _grid.Invoking(grid => grid.RunToEndAsync(request, jobId: jobId)).Should().ThrowAsync<RequestRefusedException>();
        refusal.Which.Field.Should().Be(field);
    }
}
