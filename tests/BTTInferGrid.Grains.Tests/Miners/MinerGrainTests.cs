using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using BTTInferGrid.Simulation;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Miners;

/// <summary>A miner's life with the grid, each state with its reason.</summary>
public sealed class MinerGrainTests : IAsyncLifetime
{
    private SimulatedGrid _grid = null!;

    private IModelGrain Model => _grid.Grains.GetGrain<IModelGrain>(SimulatedModel.Id);

    public async Task InitializeAsync() => _grid = await SimulatedGrid.StartAsync();

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Fact]
    public async Task Join_HonestMiner_IsMeasuredAndActive()
    {
        var miner = await AddAsync(new MinerScript { ContextTokens = 512, PrefillTokensPerSecond = 1000, TokensPerSecond = 100 });

        var standing = await _grid.WaitForAsync(miner, MinerState.Active);

        standing.Speed.PrefillTokensPerSecond.Should().BeInRange(1, 2000, "a timer may be early by a little");
        standing.Speed.DecodeTokensPerSecond.Should().BeInRange(1, 200);
        standing.Offer.ContextTokens.Should().Be(512);
        standing.Offer.Backend.Should().NotBeEmpty();
        standing.Reason.Should().Contain("probe");
        (await Model.ActiveMiners()).Should().Be(1);
    }

    [Fact]
    public async Task Join_WrongAnswerToTheProbe_GetsNoJobsAndSaysWhy()
    {
        await using var grid = await TestGrid.StartAsync(probe: new ProbeQuestion(TinyModel.Question, "Osaka"));
        var model = grid.Grains.GetGrain<IModelGrain>(TinyModel.Id);

        var standing = await grid.WaitForAsync(grid.Miners[0].Id, MinerState.Suspended);

        standing.Reason.Should().Contain("wrong");
        (await model.ActiveMiners()).Should().Be(0);
        await model.Invoking(model => model.Route(new RouteRequest("job", grid.Model.Profile, 10, 10))).Should().ThrowAsync<NoMinerException>();
    }

    [Fact]
    public async Task Connect_AfterItsSessionEnded_IsProbedAgain()
    {
        var miner = await AddAsync();
        await miner.DisconnectAsync();
        (await _grid.WaitForAsync(miner, MinerState.Gone)).Reason.Should().Be("its connection ended.");

        await _grid.ConnectAsync(miner, 0);

        await _grid.WaitForAsync(miner, MinerState.Active);
    }

    [Fact]
    public async Task Leave_Miner_EndsItsJobsAndIsGone()
    {
        var miner = await AddAsync(new MinerScript { TokensPerSecond = 100 });
        var running = _grid.RunToEndAsync(SimulatedModel.Ask("a", maxTokens: 50));
        await Poll.UntilAsync(() => Task.FromResult(miner.Jobs), static jobs => jobs == 1, TimeSpan.FromSeconds(30));

        await miner.LeaveAsync(TimeSpan.FromSeconds(30));

        (await running).Miners.Should().ContainSingle();
        (await _grid.WaitForAsync(miner, MinerState.Gone)).Reason.Should().NotBeEmpty();
        (await _grid.StandingsAsync()).Should().ContainSingle().Which.State.Should().Be(MinerState.Gone);
    }

    [Fact]
    public async Task Suspend_ByTheOperator_KeepsItOutUntilResume()
    {
        var miner = await AddAsync();
        var record = _grid.Grains.GetMiner(miner.Id);

        await record.Suspend("it is being looked at");

        (await _grid.WaitForAsync(miner, MinerState.Suspended)).Reason.Should().Contain("it is being looked at");
        (await Model.ActiveMiners()).Should().Be(0);
        await miner.DisconnectAsync();
        await _grid.ConnectAsync(miner, 0);
        (await record.Standing())!.State.Should().Be(MinerState.Suspended, "a suspension outlasts sessions");
        await record.Resume();
        await _grid.WaitForAsync(miner, MinerState.Active);
    }

    [Theory]
    [InlineData(AttemptOutcome.Stalled)]
    [InlineData(AttemptOutcome.Refused)]
    public async Task Report_FailuresInARow_Suspends(AttemptOutcome failure)
    {
        var miner = await AddAsync();
        var record = _grid.Grains.GetMiner(miner.Id);

        for (var i = 0; i < 3; i++)
        {
            await record.Report(new MinerOutcome($"job-{i}", failure, "it did not serve.", 0, default));
        }

        var suspended = await _grid.WaitForAsync(miner, MinerState.Suspended);
        suspended.Stats.FailedInARow.Should().Be(3);
        suspended.Reason.Should().Contain("it did not serve.");
    }

    [Fact]
    public async Task Report_AllJobsOfASessionAreLostWithIt_IsOneFailure()
    {
        var miner = await AddAsync();
        var record = _grid.Grains.GetMiner(miner.Id);

        for (var i = 0; i < 8; i++)
        {
            await record.Report(new MinerOutcome($"job-{i}", AttemptOutcome.Lost, "its connection ended.", 0, default));
        }

        var standing = await _grid.WaitForAsync(miner, static standing => standing.Stats.Failed == 8);
        standing.State.Should().Be(MinerState.Active);
        standing.Stats.FailedInARow.Should().Be(1);
    }

    private async Task<ScriptedMiner> AddAsync(MinerScript? script = null)
    {
        var miner = await _grid.AddMinerAsync(script);
        await _grid.WaitForAsync(miner, MinerState.Active);
        return miner;
    }
}
