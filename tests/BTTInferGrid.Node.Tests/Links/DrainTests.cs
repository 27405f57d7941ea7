using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Tests.Grid;

namespace BTTInferGrid.Node.Tests.Links;

public sealed class DrainTests
{
    [Fact]
    public async Task Stop_WithAJob_ReportsDrainingFinishesItAndClosesTheStream()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [grid.Address];
            options.DrainTimeout = Waiting.Patience;
        });
        var session = await grid.WelcomeAsync();
        await session.SendAsync(node.AskLong(1, tokens: 50, credit: 1));
        await session.NextAsync().TokensOf(1);

        var stop = node.StopAsync();
        while (!(await session.NextStatusAsync()).Draining)
        {
        }

        await session.SendAsync(node.Ask(2));
        var fault = (await session.NextAsync()).Fault;
        (fault.Job, fault.Kind).Should().Be((2UL, Fault.Types.Kind.Busy));
        stop.IsCompleted.Should().BeFalse("a job is left");
        await session.SendAsync(Requests.Credit(1, 49));
        (await session.AnswerAsync(1)).Result.OutputTokens.Should().Be(50);

        (await session.Closed.Within("the stream ends")).Should().BeTrue("the node closes it in order");
        await stop.Within("the node stops");
        node.Log.Count("[2204]").Should().Be(0, "it has not lost the session");
        node.Log.Count("[2205]").Should().Be(0, "nothing was cut short");
    }

    [Fact]
    public async Task Stop_JobThatDoesNotEnd_IsCutShortAfterTheTimeout()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [grid.Address];
            options.DrainTimeout = TimeSpan.FromMilliseconds(50);
        });
        var session = await grid.WelcomeAsync();
        await session.SendAsync(node.AskLong(1, tokens: 50, credit: 1));
        await session.NextAsync().TokensOf(1);

        await node.StopAsync().Within("the node stops");

        await node.Log.LineAsync("[2205]");
        (await session.Closed.Within("the stream ends")).Should().BeTrue("the node closes it in order");
    }

    [Fact]
    public async Task Stop_WhileNoFrontAnswers_IsImmediate()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [grid.Address];
            options.MinPause = options.MaxPause = TimeSpan.FromHours(1);
        });
        (await grid.WelcomeAsync()).End();
        await node.Log.LineAsync("The next attempt");

        await node.StopAsync().Within("the node stops");
    }

    [Fact]
    public async Task Stop_InTheHandshake_IsImmediate()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid);
        var session = await grid.AcceptAsync();
        await session.HelloAsync();

        await node.StopAsync().WaitAsync(TimeSpan.FromSeconds(8));
        await session.Closed.Within("the stream ends");
    }
}
