using BTTInferGrid.Inference;
using BTTInferGrid.Link.V1;
using BTTInferGrid.Node.Tests.Grid;

namespace BTTInferGrid.Node.Tests.Jobs;

public sealed class BusyTests : IAsyncLifetime
{
    private ScriptedGrid _grid = null!;
    private TestNode _node = null!;
    private GridSession _session = null!;

    public async Task InitializeAsync()
    {
        _grid = await ScriptedGrid.StartAsync();
        _node = await TestNode.StartAsync(options =>
        {
            options.Grids = [_grid.Address];
            options.Engine = new EngineOptions { Threads = 1, MaxSequences = 1, QueueCapacity = 1, CacheTokens = 512 };
            options.ContextTokens = 300;
        });
        _session = await _grid.WelcomeAsync();
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _grid.DisposeAsync();
    }

    [Fact]
    public async Task Generate_MoreJobsThanTheNodeHolds_AreBusyAndTheOthersAreServed()
    {
        const int Jobs = 12;
        for (ulong job = 1; job <= Jobs; job++)
        {
            await _session.SendAsync(_node.AskLong(job, tokens: 200, credit: 0));
        }

        // Of the jobs that the engine takes there is no message before they have credit; two in the engine and as many that
        // are ready are the most that a node of this size holds.
        var busy = new HashSet<ulong>();
        while (busy.Count < Jobs - 4)
        {
            var fault = (await _session.NextAsync()).Fault;
            fault.Kind.Should().Be(Fault.Types.Kind.Busy);
            fault.Reason.Should().NotBeEmpty();
            busy.Add(fault.Job).Should().BeTrue("each job ends once");
        }

        for (ulong job = 1; job <= Jobs; job++)
        {
            await _session.SendAsync(Requests.Credit(job, 200));
        }

        var served = new HashSet<ulong>();
        while (served.Count + busy.Count < Jobs)
        {
            var message = await _session.NextAsync();
            _ = message.Result is { } result ? served.Add(result.Job) : message.Fault is { } fault && busy.Add(fault.Job);
        }

        served.Should().NotBeEmpty().And.NotIntersectWith(busy);
    }

    [Fact]
    public async Task Status_JobBehindAnother_SaysThatItWaitsUntilItsTurn()
    {
        const ulong Jobs = 40;
        await using var grid = await ScriptedGrid.StartAsync();
        await using var node = await TestNode.StartAsync(options =>
        {
            options.Grids = [grid.Address];
            options.Engine = new EngineOptions { Threads = 1, MaxSequences = 1, QueueCapacity = (int)Jobs, CacheTokens = 512 };
        });
        var session = await grid.WelcomeAsync();
        for (ulong job = 1; job <= Jobs; job++)
        {
            await session.SendAsync(node.AskLong(job, tokens: 300, credit: 300));
        }

        // Jobs that come together are queued in any order.
        ulong waiting;
        while ((waiting = (await session.NextStatusAsync()).WaitingJobs.LastOrDefault()) == 0)
        {
            // A status of the time before.
        }

        for (ulong job = 1; job <= Jobs; job++)
        {
            if (job != waiting)
            {
                await session.SendAsync(Requests.Cancel(job));
            }
        }

        while ((await session.NextAsync()).Result?.Job != waiting)
        {
            // Tokens, and results of jobs that ended before their cancellation came.
        }

        while ((await session.NextStatusAsync()).WaitingJobs.Count > 0)
        {
            // A status of the time before.
        }
    }

    [Fact]
    public async Task Generate_MoreThanTheContextOffered_IsRefused()
    {
        var fits = _node.AskLong(1, tokens: 1, credit: 300);
        fits.Generate.MaxTokens = 300 - fits.Generate.Prompt.Count;
        await _session.SendAsync(fits);
        (await _session.AnswerAsync(1)).Result.OutputTokens.Should().Be(fits.Generate.MaxTokens);

        var tooLarge = _node.AskLong(2, tokens: fits.Generate.MaxTokens + 1);
        await _session.SendAsync(tooLarge);
        var fault = (await _session.NextAsync()).Fault;

        (fault.Job, fault.Kind, fault.Field).Should().Be((2UL, Fault.Types.Kind.Refused, "max_tokens"));
    }

    [Fact]
    public async Task Generate_EngineIsGone_FailsAndTheNodeStaysInSession()
    {
        var message = _node.Ask(1);
        await _node.Engine.Engine.DisposeAsync();
        await _session.SendAsync(message);
        var fault = (await _session.NextAsync()).Fault;

        (fault.Job, fault.Kind, fault.Field).Should().Be((1UL, Fault.Types.Kind.Failed, ""));
        fault.Reason.Should().Contain("stopped");
    }
}
