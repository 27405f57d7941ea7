using BTTInferGrid.Compute;
using BTTInferGrid.Simulation;
using BTTInferGrid.Testing;
using FluentAssertions;

namespace BTTInferGrid.Grains.Tests.Simulation;

/// <summary>
/// Miners that break or lie, on another silo than the job: each fault is held against the miner that has it, and the job gets the whole and right
/// answer from another.
/// </summary>
public sealed class HostileMinerTests(HostileMinerTests.TwoSilos silos) : IClassFixture<HostileMinerTests.TwoSilos>, IAsyncLifetime
{
    private static readonly MinerAsk Dear = new(0, 1_000_000_000);
    private readonly SimulatedGrid _grid = silos.Grid;

    public static TheoryData<MinerFault> Lies() => [.. Enum.GetValues<MinerFault>().Where(static fault => fault >= MinerFault.BreaksOff)];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var miner in _grid.Miners.Where(static miner => miner.IsConnected))
        {
            await miner.DisconnectAsync();
            await _grid.WaitForAsync(miner, MinerState.Gone);
        }
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public Task Run_MinerThatLies_IsItsFailureAndAnotherGoesOn(MinerFault lie) => FailsOverAsync(lie, 5, AttemptOutcome.Failed);

    [Theory]
    [InlineData(MinerFault.Fails, 0, AttemptOutcome.Failed)]
    [InlineData(MinerFault.Fails, 5, AttemptOutcome.Failed)]
    [InlineData(MinerFault.Throws, 0, AttemptOutcome.Failed)]
    [InlineData(MinerFault.Throws, 5, AttemptOutcome.Failed)]
    [InlineData(MinerFault.Disconnects, 0, AttemptOutcome.Lost)]
    [InlineData(MinerFault.Disconnects, 5, AttemptOutcome.Lost)]
    [InlineData(MinerFault.Stalls, 0, AttemptOutcome.Stalled)]
    [InlineData(MinerFault.Stalls, 5, AttemptOutcome.Stalled)]
    [InlineData(MinerFault.IsBusy, 0, AttemptOutcome.Busy)]
    [InlineData(MinerFault.Refuses, 0, AttemptOutcome.Refused)]
    public Task Run_MinerThatBreaks_IsItsFailureAndAnotherGoesOn(MinerFault fault, int after, AttemptOutcome outcome) =>
        FailsOverAsync(fault, after, outcome);

    [Fact]
    public async Task Run_MinerThatGoesOnLying_GetsNoMoreJobs()
    {
        var liar = await _grid.AddMinerAsync(new MinerScript { Fault = MinerFault.UnknownToken }, silo: 1);
        var honest = await _grid.AddMinerAsync(new MinerScript { Ask = Dear });
        await _grid.WaitForAsync(liar, MinerState.Active);
        await _grid.WaitForAsync(honest, MinerState.Active);

        for (var i = 0; i < 3; i++)
        {
            var request = SimulatedModel.Ask($"question {i}");
            (await _grid.RunToEndAsync(request)).Tokens.Should().Equal(SimulatedModel.Answer(request));
            await WaitForStatsAsync(liar, stats => stats.Failed == i + 1);
        }

        var standing = await _grid.WaitForAsync(liar, MinerState.Suspended);
        standing.Reason.Should().StartWith("3 jobs failed in a row").And.Contain("it sent token 257");
        (await _grid.RunToEndAsync(SimulatedModel.Ask("another"))).Miners.Should().Equal(honest.Id);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Probe_MinerThatLies_GetsNoJobs(MinerFault lie)
    {
        var liar = await _grid.AddMinerAsync(new MinerScript { Fault = lie, FaultAfter = 5, FaultsInProbes = true }, silo: 1);

        var standing = await _grid.WaitForAsync(liar, MinerState.Suspended);

        standing.Reason.Should().StartWith("It failed the probe: ");
        await _grid.Invoking(static grid => grid.RunToEndAsync(SimulatedModel.Ask("a"))).Should().ThrowAsync<NoMinerException>();
    }

    [Theory]
    [InlineData("model")]
    [InlineData("profile")]
    [InlineData("slots")]
    [InlineData("context_tokens")]
    [InlineData("backend")]
    [InlineData("ask")]
    public async Task Connect_OfferThatIsNotRight_IsRefusedByField(string field)
    {
        var script = new MinerScript();
        script = field switch
        {
            "model" => script with { Model = "unknown" },
            "profile" => script with { Profile = "cheaper" },
            "slots" => script with { Slots = 0 },
            "context_tokens" => script with { ContextTokens = -1 },
            "backend" => script with { Backend = "a\nb" },
            _ => script with { Ask = new MinerAsk(-1, 0) },
        };

        var refusal = await _grid.Invoking(grid => grid.AddMinerAsync(script, silo: 1)).Should().ThrowAsync<RequestRefusedException>();

        refusal.Which.Field.Should().Be(field);
        var refused = _grid.Miners.Single(miner => miner.Script == script);
        refused.IsConnected.Should().BeFalse();
        (await _grid.StandingsAsync()).Should().NotContain(one => one.Offer.MinerId == refused.Id);
    }

    /// <summary>The miner at fault is the cheap one, so it gets the job first.</summary>
    private async Task FailsOverAsync(MinerFault fault, int after, AttemptOutcome outcome)
    {
        var first = await _grid.AddMinerAsync(new MinerScript { Fault = fault, FaultAfter = after }, silo: 1);
        var second = await _grid.AddMinerAsync(new MinerScript { Ask = Dear });
        await _grid.WaitForAsync(first, MinerState.Active);
        await _grid.WaitForAsync(second, MinerState.Active);
        var request = SimulatedModel.Ask("What follows?", maxTokens: 24);

        var run = await _grid.RunToEndAsync(request, silo: 0);

        run.Miners.Should().Equal(first.Id, second.Id);
        run.Tokens.Should().Equal(SimulatedModel.Answer(request));
        run.Result.Usage.OutputTokens.Should().Be(24);
        var attempts = (await _grid.TraceAsync(run.JobId))!.Attempts;
        attempts.Select(static one => one.Outcome).Should().Equal(outcome, AttemptOutcome.Completed);
        await WaitForStatsAsync(second, static stats => stats is { Completed: 1, Failed: 0 });
        var failed = outcome == AttemptOutcome.Busy ? 0 : 1;
        await WaitForStatsAsync(first, stats => stats.Completed == 0 && stats.Failed == failed);
    }

    /// <summary>Asks the miner's grain: routing hears of statistics with the next status only, and of a miner that is gone not at all.</summary>
    private Task<MinerStats> WaitForStatsAsync(ScriptedMiner miner, Func<MinerStats, bool> holds) => Poll.UntilAsync(
        async () => (await _grid.Grains.GetMiner(miner.Id).Standing())!.Stats, holds, TimeSpan.FromSeconds(30));

    /// <summary>Two silos that lose patience with a miner soon.</summary>
    public sealed class TwoSilos : IAsyncLifetime
    {
        private SimulatedGrid? _grid;

        public SimulatedGrid Grid => _grid ?? throw new InvalidOperationException("The grid has not been started.");

        public async Task InitializeAsync() => _grid = await SimulatedGrid.StartAsync(new SimulationOptions
        {
            Silos = 2,
            Jobs = static jobs =>
            {
                jobs.FirstTokenTimeout = TimeSpan.FromSeconds(2);
                jobs.NextTokenTimeout = TimeSpan.FromSeconds(2);
            },
        });

        public async Task DisposeAsync() => await Grid.DisposeAsync();
    }
}
