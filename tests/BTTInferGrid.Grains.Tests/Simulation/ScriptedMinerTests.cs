using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Simulation;
using BTTInferGrid.Testing;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Tests.Simulation;

/// <summary>What research and other tests rely on: scripted miners do what their script has, and nothing else.</summary>
public sealed class ScriptedMinerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ManualClock _clock = new();
    private SimulatedGrid _grid = null!;

    public async Task InitializeAsync() => _grid = await SimulatedGrid.StartAsync(new SimulationOptions { Clock = _clock });

    public async Task DisposeAsync() => await _grid.DisposeAsync();

    [Fact]
    public async Task Script_ValueOutsideItsRange_IsRefused()
    {
        var honest = new MinerScript();
        MinerScript[] scripts =
        [
            honest with { TokensPerSecond = 0 }, honest with { TokensPerSecond = double.NaN }, honest with { PrefillTokensPerSecond = -1 },
            honest with { FirstToken = TimeSpan.FromSeconds(-1) }, honest with { FirstToken = TimeSpan.MaxValue }, honest with { Queue = -1 },
            honest with { FaultAfter = -1 }, honest with { Fault = (MinerFault)99 },
        ];

        foreach (var script in scripts)
        {
            await _grid.Invoking(grid => grid.AddMinerAsync(script)).Should().ThrowAsync<ArgumentOutOfRangeException>();
        }
    }

    [Fact]
    public async Task Run_HonestMiner_GivesTheAnswerOfItsModel()
    {
        await _grid.AddMinersAsync(1);
        var request = SimulatedModel.Ask("Which way?", maxTokens: 40);

        var run = await _grid.RunToEndAsync(request);

        run.Tokens.Should().HaveCount(40).And.Equal(SimulatedModel.Answer(request));
        run.Result.StopReason.Should().Be(StopReason.MaxTokens);
        run.Result.Usage.OutputTokens.Should().Be(40);
        SimulatedModel.Text(run.Tokens).Should().MatchRegex("^[a-z ]{40}$");
    }

    [Fact]
    public async Task Run_StopString_EndsTheAnswerAtItsLastToken()
    {
        await _grid.AddMinersAsync(1);
        var request = SimulatedModel.Ask("Which way?", maxTokens: 40);
        var whole = SimulatedModel.Text(SimulatedModel.Answer(request));

        var run = await _grid.RunToEndAsync(request with { Stop = [whole[10..13]] });

        run.Result.StopReason.Should().Be(StopReason.StopString);
        SimulatedModel.Text(run.Tokens).Should().Be(whole[..13]);
    }

    [Fact]
    public void Answer_OtherPromptOrSeed_IsAnother()
    {
        var request = SimulatedModel.Ask("a");
        var sampled = request with { Sampling = new SamplingOptions(Temperature: 1) };

        SimulatedModel.Answer(request).Should().Equal(SimulatedModel.Answer(request, seed: 1))
            .And.NotEqual(SimulatedModel.Answer(SimulatedModel.Ask("b")));
        SimulatedModel.Answer(sampled, seed: 1).Should().NotEqual(SimulatedModel.Answer(sampled, seed: 2));
    }

    [Fact]
    public async Task Generate_ScriptWithTimes_SendsTokensWhenTheyAreDue()
    {
        var miner = await _grid.AddMinerAsync(new MinerScript
        {
            FirstToken = TimeSpan.FromSeconds(1),
            PrefillTokensPerSecond = 10,
            TokensPerSecond = 2,
        });
        await using var steps = Generate(miner, SimulatedModel.Ask("ten tokens", maxTokens: 4)).GetAsyncEnumerator();

        // 1 s, and 10 tokens of prompt at 10 a second.
        var step = steps.MoveNextAsync().AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        step.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        (await step).Should().BeTrue();
        Count(steps.Current).Should().Be(1);

        step = steps.MoveNextAsync().AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1.2));
        (await step).Should().BeTrue();
        Count(steps.Current).Should().Be(2, "those that are due together come together");

        step = steps.MoveNextAsync().AsTask();
        _clock.Advance(TimeSpan.FromSeconds(0.3));
        (await step).Should().BeTrue();
        Count(steps.Current).Should().Be(1);
        (await steps.MoveNextAsync()).Should().BeTrue();
        steps.Current.Should().BeOfType<JobResult>().Which.Usage.PrefillTime.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Generate_MoreThanSlotsAndQueue_IsBusyAndThenServesInTurn()
    {
        var miner = await _grid.AddMinerAsync(new MinerScript { Slots = 1, Queue = 1, FirstToken = TimeSpan.FromSeconds(1) });
        await Poll.UntilAsync(() => Task.FromResult(miner.Jobs), static jobs => jobs == 1, Patience);
        await using var waiting = Generate(miner, SimulatedModel.Ask("a", maxTokens: 1)).GetAsyncEnumerator();
        await using var refused = Generate(miner, SimulatedModel.Ask("b", maxTokens: 1)).GetAsyncEnumerator();

        // The probe has the slot.
        var queued = waiting.MoveNextAsync().AsTask();
        await refused.Invoking(static steps => steps.MoveNextAsync().AsTask()).Should().ThrowAsync<MinerBusyException>();

        await Poll.UntilAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(queued.IsCompleted);
            },
            static isServed => isServed, Patience);
        (await queued).Should().BeTrue();
    }

    private IAsyncEnumerable<JobEvent> Generate(ScriptedMiner miner, JobRequest request) =>
        _grid.Services(miner.Silo).GetRequiredService<MinerSessions>().Find(miner.Id)!
            .Generate(new GenerateRequest("job", request, 0, []), CancellationToken.None);

    private static int Count(JobEvent step) => step.Should().BeOfType<JobTokens>().Which.Tokens.Length;
}
