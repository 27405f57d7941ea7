using BTTInferGrid.Compute;
using BTTInferGrid.Link.V1;
using FluentAssertions;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;
using StopReason = BTTInferGrid.Link.V1.Result.Types.StopReason;

namespace BTTInferGrid.Grains.Tests.Links;

/// <summary>A front that stops sends its nodes to other fronts, and lets running jobs end.</summary>
public sealed class LinkStopTests
{
    [Fact]
    public async Task Stop_IdleNodesAndHandshakes_EndAtOnce()
    {
        await using var grid = await LinkGrid.StartAsync();
        await using var idle = await grid.JoinAsync();
        await idle.FailProbeAsync();
        await using var welcome = await grid.WelcomeAsync();
        await using var hello = grid.Dial();
        await hello.HelloAsync();

        // They read already, as nodes do.
        var ends = new[] { idle, welcome, hello }.Select(static node => node.GoodbyeAsync()).ToList();
        var stop = grid.StopAsync();

        foreach (var goodbye in await Task.WhenAll(ends))
        {
            goodbye.Reason.Should().Be(Reason.Stopping);
            goodbye.RetryAfter.Should().Be(0);
        }

        await stop;
    }

    [Fact]
    public async Task Stop_RunningJob_EndsFirst()
    {
        await using var grid = await LinkGrid.StartAsync();
        await using var node = await grid.JoinAsync();
        await node.FailProbeAsync();
        await using var attempt = grid.Attempt(node.Identity, grid.Ask(maxTokens: 1));
        var running = attempt.MoveNextAsync();
        var job = await node.NextJobAsync();

        var stop = grid.StopAsync();
        await using var late = grid.Attempt(node.Identity, grid.Ask());
        (await late.MoveNextAsync()).Should().BeFalse();
        late.Failure!.Value.Outcome.Should().BeOneOf(AttemptOutcome.Busy, AttemptOutcome.Lost);
        await node.SendAsync(new Tokens { Job = job.Job, Tokens_ = { 1 } });
        await node.SendAsync(new Result
        {
            Job = job.Job,
            StopReason = StopReason.MaxTokens,
            PromptTokens = job.Prompt.Count,
            OutputTokens = 1,
        });

        var end = node.GoodbyeAsync();
        (await running).Should().BeTrue();
        (await attempt.MoveNextAsync()).Should().BeTrue();
        attempt.Current.Should().BeOfType<JobResult>();
        (await end).Reason.Should().Be(Reason.Stopping);
        await stop;
    }

    [Fact]
    public async Task Stop_JobThatDoesNotEnd_IsLostInTime()
    {
        await using var grid = await LinkGrid.StartAsync(static options => options.StopTimeout = TimeSpan.FromMilliseconds(300));
        await using var node = await grid.JoinAsync();
        await using var attempt = grid.Attempt(node.Identity, grid.Ask());
        var running = attempt.MoveNextAsync();
        await node.NextJobAsync();

        var end = node.GoodbyeAsync();
        var stop = grid.StopAsync();

        (await running).Should().BeFalse();
        attempt.Failure!.Value.Outcome.Should().Be(AttemptOutcome.Lost);
        (await end).Reason.Should().Be(Reason.Stopping);
        await stop;
    }
}
