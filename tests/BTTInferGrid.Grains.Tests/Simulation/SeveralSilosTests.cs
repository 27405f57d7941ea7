using BTTInferGrid.Compute;
using BTTInferGrid.Simulation;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Simulation;

/// <summary>Jobs and miners on different silos of one grid, all of which go on running.</summary>
public sealed class SeveralSilosTests(SilosFixture silos) : IClassFixture<SilosFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<ScriptedMiner> _miners = [];

    private SimulatedGrid Grid => silos.Grid;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var miner in _miners)
        {
            await miner.DisconnectAsync();
            await Grid.WaitForAsync(miner, MinerState.Gone);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public async Task Run_MinerOnAnySilo_IsServedFromAnyOther(int jobs, int miners)
    {
        var miner = await AddAsync(miners);
        var request = SimulatedModel.Ask($"from {jobs} to {miners}");

        var run = await Grid.RunToEndAsync(request, jobs);

        run.Tokens.Should().Equal(SimulatedModel.Answer(request));
        run.Miners.Should().Equal(miner.Id);
        (await Grid.FindAsync(Grid.Grains.GetMiner(miner.Id))).Should().Be(miners, "the grain is where the session is");
        (await Grid.FindAsync(Grid.Grains.GetGrain<IJobGrain>(run.JobId))).Should().Be(jobs, "the job is where its front is");
    }

    [Fact]
    public async Task Connect_ToAnotherSilo_MovesTheMinerWithItsRecord()
    {
        var miner = await AddAsync(0);
        await Grid.RunToEndAsync(SimulatedModel.Ask("before"));
        await Grid.WaitForAsync(miner, static standing => standing.Stats.Completed == 1);
        await miner.DisconnectAsync();
        await Grid.WaitForAsync(miner, MinerState.Gone);

        await Grid.ConnectAsync(miner, 1);

        var standing = await Grid.WaitForAsync(miner, MinerState.Active);
        standing.Stats.Completed.Should().Be(1);
        (await Grid.FindAsync(Grid.Grains.GetMiner(miner.Id))).Should().Be(1);
        (await Grid.RunToEndAsync(SimulatedModel.Ask("after"), silo: 2)).Miners.Should().Equal(miner.Id);
    }

    [Fact]
    public async Task Connect_ToAnotherSiloWhileConnected_EndsTheFirstSessionAndItsJobsGoOnThere()
    {
        var first = await AddAsync(0, new MinerScript { TokensPerSecond = 200 });
        var request = SimulatedModel.Ask("A long one", maxTokens: 100);
        var running = Grid.RunToEndAsync(request, silo: 2);
        await JobsAsync(first, 1);

        var second = await Grid.AddMinerAsync(first.Script, silo: 1, first.Id);

        _miners[0] = second;
        await first.Ended;
        first.End.Should().Be("The same identity has connected to another front.");
        second.IsConnected.Should().BeTrue();
        var run = await running;
        run.Tokens.Should().Equal(SimulatedModel.Answer(request));
        run.Miners.Should().OnlyContain(id => id == first.Id).And.HaveCountGreaterThan(1);
        (await Grid.StandingsAsync()).Where(one => one.Offer.MinerId == first.Id).Should().ContainSingle()
            .Which.State.Should().Be(MinerState.Active);
    }

    [Fact]
    public async Task Connect_ToAllSilosAtOnce_LeavesOneSessionAtMostAndTheNextOneServes()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = $"everywhere-{round}";
            var claims = await Task.WhenAll(Grid.Silos.Select(silo => ClaimAsync(id, silo)));
            var held = claims.OfType<ScriptedMiner>().Where(static claim => claim.IsConnected).ToList();
            held.Should().HaveCountLessThanOrEqualTo(1);

            // Each may have replaced another; a node that was replaced connects again after a while.
            var miner = held.SingleOrDefault() ?? await Grid.AddMinerAsync(silo: round % 3, id: id);

            // A late claim can take the grain away once more; the next report of the session brings it back.
            _miners.Add(miner);
            await Poll.UntilAsync(() => Grid.FindAsync(Grid.Grains.GetMiner(id)), silo => silo == miner.Silo, Patience);
            await Grid.WaitForAsync(miner, MinerState.Active);
            (await Grid.RunToEndAsync(SimulatedModel.Ask("Who?"))).Tokens.Should().Equal(SimulatedModel.Answer(SimulatedModel.Ask("Who?")));
            await miner.DisconnectAsync();
            await Grid.WaitForAsync(miner, MinerState.Gone);
        }
    }

    [Theory]
    [InlineData(0f, 1)]
    [InlineData(0f, 40)]
    [InlineData(1f, 7)]
    [InlineData(1f, 99)]
    public async Task Run_MinersLostOneAfterTheOther_AnswerIsThatOfAnUndisturbedRun(float temperature, int lostAfter)
    {
        // Each gives up its first job; the last one is honest.
        var fault = new MinerScript { Fault = MinerFault.Disconnects, FaultAfter = lostAfter };
        await AddAsync(0, fault);
        await AddAsync(1, fault with { Ask = new MinerAsk(0, 500_000_000) });
        await AddAsync(2, new MinerScript { Ask = new MinerAsk(0, 1_000_000_000) });
        var request = SimulatedModel.Ask("Tell me all.", maxTokens: 200) with { Sampling = new SamplingOptions(temperature) };

        var run = await Grid.RunToEndAsync(request, silo: 1);

        run.Miners.Should().Equal(_miners.Select(static miner => miner.Id));
        run.Tokens.Should().Equal(SimulatedModel.Answer(request, SamplingSeed.Derive(run.JobId, request, run.Miners[0])));
        var trace = (await Grid.TraceAsync(run.JobId))!;
        trace.Attempts.Select(static one => one.Outcome).Should().Equal(AttemptOutcome.Lost, AttemptOutcome.Lost, AttemptOutcome.Completed);
        trace.Attempts.Select(static one => one.OutputTokens).Should().Equal(lostAfter, lostAfter, 200 - (2 * lostAfter));
    }

    [Fact]
    public async Task Run_ManyJobsFromAllSilos_SpreadOverTheMinersOfAll()
    {
        const int EachMiner = 10;

        // By a clock that stands still all miners are as fast, and all jobs are there at the same time.
        var clock = new ManualClock();
        await using var grid = await SimulatedGrid.StartAsync(new SimulationOptions { Silos = 3, Clock = clock });
        var miners = await grid.AddMinersAsync(9, static _ => new MinerScript { Slots = EachMiner });
        foreach (var miner in miners)
        {
            miner.Script = miner.Script with { FirstToken = TimeSpan.FromSeconds(1) };
        }

        var running = Task.WhenAll(Enumerable.Range(0, 9 * EachMiner).Select(
            i => grid.RunToEndAsync(SimulatedModel.Ask($"question {i}"), silo: i % 3)));
        await Poll.UntilAsync(() => Task.FromResult(miners.Sum(static miner => miner.Jobs)), static jobs => jobs == 9 * EachMiner, Patience);

        miners.Should().OnlyContain(static miner => miner.Jobs >= EachMiner / 2 && miner.Jobs <= EachMiner * 3 / 2);
        await Poll.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(running.IsCompleted);
            },
            static isOver => isOver, Patience);
        (await running).Should().OnlyContain(static run => run.Miners.Length == 1);
    }

    private async Task<ScriptedMiner?> ClaimAsync(string id, int silo)
    {
        try
        {
            return await Grid.AddMinerAsync(silo: silo, id: id);
        }
        catch (OperationCanceledException)
        {
            // Another silo has it.
            return null;
        }
    }

    private async Task<ScriptedMiner> AddAsync(int silo, MinerScript? script = null)
    {
        var miner = await Grid.AddMinerAsync(script, silo);
        _miners.Add(miner);
        await Grid.WaitForAsync(miner, MinerState.Active);
        return miner;
    }

    private static Task<int> JobsAsync(ScriptedMiner miner, int jobs) =>
        Poll.UntilAsync(() => Task.FromResult(miner.Jobs), now => now >= jobs, Patience);
}
