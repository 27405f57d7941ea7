using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Tests.Grid;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Node.Tests.Links;

public sealed class LinkClientTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Session_FirstFrontIsGone_GoesToTheNext()
    {
        var gone = new Uri($"http://127.0.0.1:{FreePorts.Take(1)[0]}");
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(options => options.Grids = [gone, grid.Address]);
        var session = await grid.WelcomeAsync();
        await session.SendAsync(node.Ask(1));

        (await session.AnswerAsync(1)).Tokens.Should().NotBeEmpty();
        node.Log.Count($"not in session with {gone}").Should().Be(1);
    }

    [Fact]
    public async Task Session_FrontStops_GoesToAnotherAtOnceAndServesThere()
    {
        await using var one = await ScriptedGrid.StartAsync();
        await using var other = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [one.Address, other.Address];
            options.MinPause = options.MaxPause = TimeSpan.FromMinutes(10);
        });
        var first = await one.WelcomeAsync();
        await first.SendAsync(node.AskLong(1, tokens: 100, credit: 1));
        await first.NextAsync().TokensOf(1);
        await first.GoodbyeAsync(Goodbye.Types.Reason.Stopping);
        var second = await other.WelcomeAsync();
        await second.SendAsync(node.Ask(1));

        (await second.AnswerAsync(1)).Tokens.Should().NotBeEmpty("numbers of jobs belong to a session");
    }

    [Fact]
    public async Task Session_FrontIsKilled_GoesToAnother()
    {
        await using var other = await ScriptedGrid.StartAsync();
        var one = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(options => options.Grids = [one.Address, other.Address]);
        await one.WelcomeAsync();
        await one.DisposeAsync();

        (await other.WelcomeAsync()).Should().NotBeNull();
    }

    [Fact]
    public async Task Session_OnlyFrontIsRestarted_ComesBack()
    {
        var grid = await ScriptedGrid.StartAsync();
        var port = grid.Address.Port;
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [grid.Address];
            options.MaxPause = TimeSpan.FromMilliseconds(100);
        });
        await grid.WelcomeAsync();
        await grid.DisposeAsync();
        await node.Log.LineAsync("[2204]");
        await using var again = await ScriptedGrid.StartAsync(port: port);

        (await again.WelcomeAsync()).Should().NotBeNull();
    }

    [Fact]
    public async Task Session_Replaced_WaitsTheLongestPauseBeforeItDialsAgain()
    {
        var clock = new ManualClock();
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid, clock);
        var session = await grid.WelcomeAsync(clock);
        await session.GoodbyeAsync(Goodbye.Types.Reason.Replaced, text: "the same identity has connected again");
        await node.Log.LineAsync("(Replaced): the same identity has connected again");
        await node.Log.LineAsync("The next attempt");
        await TimersAsync(clock, 1);

        clock.Advance(TimeSpan.FromSeconds(29.9));
        clock.HasTimers(1).Should().BeTrue("the pause is not over");
        clock.Advance(TimeSpan.FromSeconds(15.2));

        (await grid.WelcomeAsync(clock)).Should().NotBeNull();
    }

    [Fact]
    public async Task Session_SilentGrid_IsLeftAfterFifteenSecondsWhenIdle()
    {
        var clock = new ManualClock();
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid, clock);
        var session = await grid.WelcomeAsync(clock);
        session.AnswersStatus = false;
        await TimersAsync(clock, 1);
        var advances = await AdvancesUntilAsync(clock, () => session.Closed.IsCompleted);

        advances.Should().BeGreaterThan(15);
        await node.Log.LineAsync("the grid is silent");
    }

    [Fact]
    public async Task Session_SilentGrid_IsLeftAfterFiveSecondsWithAJob()
    {
        var clock = new ManualClock();
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid, clock);
        var session = await grid.WelcomeAsync(clock);
        session.AnswersStatus = false;
        await session.SendAsync(node.AskLong(1, tokens: 10, credit: 1));
        await session.NextAsync().TokensOf(1);
        await TimersAsync(clock, 1);
        for (var second = 1; second <= 5; second++)
        {
            clock.Advance(Second);
            await session.NextStatusAsync();
        }

        clock.Advance(Second);

        (await session.Closed.Within("the node leaves")).Should().BeFalse();
        await node.Log.LineAsync("the grid is silent");
    }

    [Fact]
    public async Task Session_GridThatAnswers_IsKeptAndHearsAStatusEachFiveSeconds()
    {
        var clock = new ManualClock();
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid, clock);
        var session = await grid.WelcomeAsync(clock);
        await TimersAsync(clock, 1);
        var advances = 0;
        for (var status = 0; status < 8; status++)
        {
            advances += await AdvancesUntilAsync(clock, session.TryTakeStatus);
        }

        advances.Should().BeGreaterThanOrEqualTo(40);
        session.Closed.IsCompleted.Should().BeFalse("40 seconds are over, and it was never silent");
    }

    [Fact]
    public async Task Session_WithAJob_ReportsItsStatusEachSecond()
    {
        var clock = new ManualClock();
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid, clock);
        var session = await grid.WelcomeAsync(clock);
        await session.SendAsync(node.AskLong(1, tokens: 10, credit: 1));
        await session.NextAsync().TokensOf(1);
        await TimersAsync(clock, 1);

        for (var round = 0; round < 4; round++)
        {
            clock.Advance(Second);
            await session.NextStatusAsync();
        }
    }

    [Fact]
    public async Task Session_GridThatEndsTheStream_IsDialledAgain()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid);
        (await grid.WelcomeAsync()).End();

        await grid.WelcomeAsync();
        await node.Log.LineAsync("the grid ended the stream");
    }

    [Fact]
    public async Task Session_SecondChallenge_EndsTheSession()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid);
        var session = await grid.WelcomeAsync();
        await session.ChallengeAsync(new byte[32], ScriptedGrid.Id, DateTimeOffset.UtcNow.ToUnixTimeSeconds());

        await session.Closed.Within("the session ends");
        await node.Log.LineAsync("the grid sent Challenge in a session that has begun");
    }

    [Fact]
    public async Task Session_MessageOverTheLimit_EndsTheSession()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid);
        var session = await grid.WelcomeAsync();
        var message = node.Ask(1);
        message.Generate.Grammar = new string('x', LinkProtocol.MaxMessageToNode);
        var send = session.SendAsync(message);

        await session.Closed.Within("the session ends");
        await node.Log.LineAsync("exceeds the maximum");
        await Task.WhenAny(send);
        (await grid.WelcomeAsync()).Should().NotBeNull("the node goes on");
    }

    [Fact]
    public async Task Session_LargestPrompt_IsRead()
    {
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(grid);
        var session = await grid.WelcomeAsync();
        var message = node.Ask(1);
        message.Generate.Prompt.AddRange(Enumerable.Repeat(200_000, 1_000_000));
        await session.SendAsync(message);

        (await session.NextAsync()).Fault.Field.Should().Be("max_tokens");
    }

    /// <summary>Moves the clock on by seconds; the node may see several of them as one, and never one as several.</summary>
    private static async Task<int> AdvancesUntilAsync(ManualClock clock, Func<bool> holds)
    {
        var advances = 0;
        await Poll.UntilAsync(
            () =>
            {
                var answer = holds();
                if (!answer)
                {
                    advances++;
                    clock.Advance(Second);
                }

                return Task.FromResult(answer);
            },
            static answer => answer,
            Waiting.Patience);
        return advances;
    }

    private static Task<bool> TimersAsync(ManualClock clock, int count) =>
        Poll.UntilAsync(() => Task.FromResult(clock.HasTimers(count)), static has => has, Waiting.Patience);
}
