using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using BTTInferGrid.Node;
using BTTInferGrid.Testing;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Tests.Jobs;

/// <summary>Jobs on the real engine.</summary>
public sealed class JobGrainTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_Capital_IsPlacedAnsweredAndCounted()
    {
        var events = await RunAsync(Request(TinyModel.Question));

        Assert.Equal(cluster.Miner.Id, Assert.IsType<JobPlaced>(events[0]).MinerId);
        var result = Assert.IsType<JobResult>(events[^1]);
        var tokens = events[1..^1].SelectMany(step => Assert.IsType<JobTokens>(step).Tokens).ToArray();
        Assert.Equal(StopReason.EndOfGeneration, result.StopReason);
        Assert.Equal(tokens.Length, result.Usage.OutputTokens);
        Assert.True(result.Usage.PrefillTime > TimeSpan.Zero);
        Assert.Equal(TinyModel.Answer, Text(tokens));
    }

    [Fact]
    public async Task Run_GrammarThatNoEngineCanFollow_IsTheRequestsFault()
    {
        var costly = Request(TinyModel.Question) with { Grammar = "root ::= root root root | [a-z ]{0,900} | .{0,900}" };
        for (var i = 0; i < 4; i++)
        {
            var refusal = await Assert.ThrowsAsync<RequestRefusedException>(() => RunAsync(costly));
            Assert.Equal("grammar", refusal.Field);
        }

        var standing = (await cluster.Grid.Grains.GetMiner(cluster.Miner.Id).Standing())!;
        Assert.Equal((MinerState.Active, 0), (standing.State, standing.Stats.FailedInARow));
        Assert.Equal(TinyModel.Answer, Text(Tokens(await RunAsync(Request(TinyModel.Question)))));
    }

    [Fact]
    public async Task Run_ClientSeed_Repeats()
    {
        var request = Request(TinyModel.LongQuestion) with
        {
            Sampling = new SamplingOptions(Temperature: 1.5f),
            ClientSeed = 11,
            MaxTokens = 16,
        };

        var first = Tokens(await RunAsync(request));
        var second = Tokens(await RunAsync(request));
        var other = Tokens(await RunAsync(request with { ClientSeed = 12 }));

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Run_SixteenAtOnce_AllAreRight()
    {
        var jobs = Enumerable.Range(0, 16).Select(async i =>
        {
            var (question, answer) = TinyModel.Capitals[i % TinyModel.Capitals.Count];
            Assert.Contains(answer, Text(Tokens(await RunAsync(Request(question)))));
        });

        await Task.WhenAll(jobs).WaitAsync(Patience);
    }

    [Fact]
    public async Task Run_Cancelled_StopsTheEngine()
    {
        using var cancellation = new CancellationTokenSource();
        var engine = cluster.Miner.Service<NodeEngine>().Engine;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in NewJob().Run(Endless(), cancellation.Token))
            {
                if (step is JobTokens)
                {
                    await cancellation.CancelAsync();
                }
            }
        });

        await StoppedAsync(engine);
    }

    [Fact]
    public async Task Run_ReaderLeaves_StopsTheEngine()
    {
        await foreach (var step in NewJob().Run(Endless()))
        {
            if (step is JobTokens)
            {
                break;
            }
        }

        await StoppedAsync(cluster.Miner.Service<NodeEngine>().Engine);
    }

    /// <summary>A request that goes on to its limit, which takes the engine longer than a test waits.</summary>
    private JobRequest Endless() => Request(TinyModel.LongQuestion) with
    {
        MaxTokens = TinyModel.ContextTokens - 64,
        Sampling = new SamplingOptions(Temperature: 0, LogitBias: TinyModel.NeverEnd),
    };

    /// <summary>
    /// Waits until nothing runs. Each question is answered in far fewer steps than an endless request takes, so one that
    /// goes on is still there after them.
    /// </summary>
    private async Task StoppedAsync(Engine engine)
    {
        for (var i = 0; engine.Status.Running > 0; i++)
        {
            Assert.True(i < 10, "The engine still runs a request that nobody reads.");
            await RunAsync(Request(TinyModel.Question)).WaitAsync(Patience);
        }
    }

    private IJobGrain NewJob() => cluster.Grains.GetGrain<IJobGrain>(Guid.NewGuid().ToString("N"));

    private async Task<List<JobEvent>> RunAsync(JobRequest request)
    {
        var events = new List<JobEvent>();
        await foreach (var step in NewJob().Run(request))
        {
            events.Add(step);
        }

        return events;
    }

    private JobRequest Request(string question) => cluster.Grid.Ask(question);

    private Vocabulary Vocabulary => cluster.Grid.Model.Vocabulary;

    private static int[] Tokens(IEnumerable<JobEvent> events) =>
        [.. events.OfType<JobTokens>().SelectMany(step => step.Tokens)];

    private string Text(int[] tokens)
    {
        var text = new TokenText(Vocabulary, []);
        return string.Concat(tokens.Select(text.Append)) + text.Finish();
    }
}
