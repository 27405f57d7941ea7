using BTTInferGrid.Compute;
using BTTInferGrid.Simulation;
using BTTInferGrid.Testing;
using FluentAssertions;
using Orleans.Configuration;

namespace BTTInferGrid.Grains.Tests.Simulation;

/// <summary>Silos that stop, or break off, while jobs run.</summary>
public sealed class SiloLossTests : IAsyncLifetime
{
    private static readonly MinerScript Slow = new() { FirstToken = TimeSpan.FromMilliseconds(50), TokensPerSecond = 100 };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private SimulatedGrid _grid = null!;

    public async Task InitializeAsync() => _grid = await SimulatedGrid.StartAsync(new SimulationOptions
    {
        Silos = 3,
        Routing = static routing => routing.SilentFor = TimeSpan.FromSeconds(2),

        // Twice as long, Orleans keeps a stream whose reader's silo is gone.
        Silo = static silo => silo.Configure<SiloMessagingOptions>(static messages => messages.ResponseTimeout = TimeSpan.FromSeconds(5)),
    });

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(false, 1f)]
    [InlineData(true, 0f)]
    [InlineData(true, 1f)]
    public async Task Run_SiloOfItsMinerIsLost_GoesOnElsewhereWithTheSameText(bool isKilled, float temperature)
    {
        // The grain of the model must be on a silo that stays.
        var home = await HomeAsync();
        var lost = (home + 1) % 3;
        var first = await AddAsync(lost, Slow);
        var second = await AddAsync(home, Slow with { Ask = new MinerAsk(0, 1_000_000_000) });
        var request = SimulatedModel.Ask("Tell me all.", maxTokens: 200) with { Sampling = new SamplingOptions(temperature) };
        var losing = Task.CompletedTask;
        var (tokens, miners) = (new List<int>(), new List<string>());
        var jobId = $"{Guid.NewGuid():N}";

        await foreach (var step in _grid.RunAsync(request, home, jobId))
        {
            if (step is JobPlaced placed)
            {
                miners.Add(placed.MinerId);
            }
            else if (step is JobTokens made)
            {
                tokens.AddRange(made.Tokens);
                if (tokens.Count > 20 && losing.IsCompletedSuccessfully && miners.Count == 1 && _grid.Silos.Contains(lost))
                {
                    losing = isKilled ? _grid.KillSiloAsync(lost) : StopAtOnceAsync(first);
                }
            }
        }

        await losing;
        miners.Should().Equal(first.Id, second.Id);
        tokens.Should().Equal(SimulatedModel.Answer(request, SamplingSeed.Derive(jobId, request, first.Id)));
    }

    [Fact]
    public async Task StopSilo_JobsOnItsMiners_AreBroughtToTheirEnd()
    {
        var home = await HomeAsync();
        var stopped = (home + 1) % 3;
        var first = await AddAsync(stopped, Slow);
        await AddAsync(home, Slow with { Ask = new MinerAsk(0, 1_000_000_000) });
        var runs = Enumerable.Range(0, 4).Select(i => _grid.RunToEndAsync(SimulatedModel.Ask($"{i}", maxTokens: 100), home)).ToList();
        await Poll.UntilAsync(() => Task.FromResult(first.Jobs), static jobs => jobs == 4, Patience);

        await _grid.StopSiloAsync(stopped);

        (await Task.WhenAll(runs)).Should().OnlyContain(run => run.Miners.Single() == first.Id);
        (await _grid.WaitForAsync(first, MinerState.Gone)).Reason.Should().NotBeEmpty();
        (await _grid.RunToEndAsync(SimulatedModel.Ask("after"), home)).Miners.Should().NotContain(first.Id);
    }

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(true, 0f)]
    [InlineData(true, 1f)]
    public async Task Run_FromAClientAndSilosOfJobsAreLost_EveryAnswerIsWhole(bool isKilled, float temperature)
    {
        var home = await HomeAsync();
        var lost = (home + 1) % 3;
        var miner = await AddAsync(home, Slow with { Slots = 16 });
        var ids = Enumerable.Range(0, 12).Select(i => $"client-job-{isKilled}-{temperature}-{i}").ToList();
        var requests = ids.ConvertAll(id => SimulatedModel.Ask(id, maxTokens: 200) with { Sampling = new SamplingOptions(temperature) });
        var runs = ids.Select((id, i) => _grid.RunToEndAsync(requests[i], silo: null, id)).ToList();
        await Poll.UntilAsync(() => Task.FromResult(miner.Jobs), static jobs => jobs == 12, Patience);

        await (isKilled ? _grid.KillSiloAsync(lost) : _grid.StopSiloAsync(lost));

        var ends = await Task.WhenAll(runs).WaitAsync(TimeSpan.FromSeconds(60));
        foreach (var (run, request) in ends.Zip(requests))
        {
            run.Tokens.Should().Equal(SimulatedModel.Answer(request, SamplingSeed.Derive(run.JobId, request, miner.Id)));
            run.Result.Usage.OutputTokens.Should().Be(200);
        }

        ends.Should().Contain(static run => run.Miners.Length > 1, "some of the jobs were on that silo");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_SiloOfTheJobIsLost_IsWholeOrFailsByAnExceptionSoon(bool isKilled)
    {
        var home = await HomeAsync();
        var lost = (home + 1) % 3;
        var miner = await AddAsync((home + 2) % 3, Slow with { Slots = 16 });
        var ids = Enumerable.Range(0, 8).Select(i => $"job-{i}").ToList();
        var requests = ids.ConvertAll(static id => SimulatedModel.Ask(id, maxTokens: 200));
        var runs = ids.Select((id, i) => TryAsync(requests[i], lost, id)).ToList();
        await Poll.UntilAsync(() => Task.FromResult(miner.Jobs), static jobs => jobs == 8, Patience);

        await (isKilled ? _grid.KillSiloAsync(lost) : _grid.StopSiloAsync(lost));

        var ends = await Task.WhenAll(runs).WaitAsync(TimeSpan.FromSeconds(60));
        foreach (var (run, request) in ends.Zip(requests))
        {
            run?.Tokens.Should().Equal(SimulatedModel.Answer(request));
        }

        // Nobody reads the rest, so the miner must not go on.
        await Poll.UntilAsync(() => Task.FromResult(miner.Jobs), static jobs => jobs == 0, Patience);
        var after = SimulatedModel.Ask("after");
        (await _grid.RunToEndAsync(after, home)).Tokens.Should().Equal(SimulatedModel.Answer(after));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_SiloOfTheModelIsLost_RunningJobsAreWholeAndLaterOnesFindTheMiners(bool isKilled)
    {
        var home = await HomeAsync();
        var stays = (home + 1) % 3;
        var miner = await AddAsync((home + 2) % 3, Slow);
        var request = SimulatedModel.Ask("Go on.", maxTokens: 200);
        var running = _grid.RunToEndAsync(request, stays);
        await Poll.UntilAsync(() => Task.FromResult(miner.Jobs), static jobs => jobs == 1, Patience);

        await (isKilled ? _grid.KillSiloAsync(home) : _grid.StopSiloAsync(home));

        (await running).Tokens.Should().Equal(SimulatedModel.Answer(request));
        await _grid.WaitForAsync(miner, MinerState.Active);
        (await _grid.RunToEndAsync(request, stays)).Miners.Should().Equal(miner.Id);
    }

    [Fact]
    public async Task Connect_AfterTheLossOfItsSilo_ServesAtAnother()
    {
        var home = await HomeAsync();
        var miner = await AddAsync((home + 1) % 3, Slow);
        await _grid.KillSiloAsync(miner.Silo);

        await _grid.ConnectAsync(miner, home);

        await _grid.WaitForAsync(miner, MinerState.Active);
        (await _grid.RunToEndAsync(SimulatedModel.Ask("after"), (home + 2) % 3)).Miners.Should().Equal(miner.Id);
    }

    [Fact]
    public async Task AddSilo_MinersOfIt_ServeJobsOfAll()
    {
        var added = await _grid.AddSiloAsync();
        var miner = await AddAsync(added, new MinerScript());

        foreach (var silo in _grid.Silos)
        {
            (await _grid.RunToEndAsync(SimulatedModel.Ask("new"), silo)).Miners.Should().Equal(miner.Id);
        }
    }

    private async Task<int> HomeAsync()
    {
        await _grid.StandingsAsync();
        return (await _grid.FindAsync(_grid.Grains.GetGrain<IModelGrain>(SimulatedModel.Id)))!.Value;
    }

    private async Task<ScriptedMiner> AddAsync(int silo, MinerScript script)
    {
        var miner = await _grid.AddMinerAsync(script, silo);
        await _grid.WaitForAsync(miner, MinerState.Active);
        return miner;
    }

    /// <summary>Without the time that jobs get to end.</summary>
    private async Task StopAtOnceAsync(ScriptedMiner miner)
    {
        await miner.LeaveAsync(TimeSpan.Zero);
        await _grid.StopSiloAsync(miner.Silo);
    }

    private async Task<JobRun?> TryAsync(JobRequest request, int silo, string jobId)
    {
        try
        {
            return await _grid.RunToEndAsync(request, silo, jobId);
        }
        catch (Exception failure) when (failure is OrleansException or GridException or EnumerationAbortedException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}
