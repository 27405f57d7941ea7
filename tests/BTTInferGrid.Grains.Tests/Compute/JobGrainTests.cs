using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using StopReason = BTTInferGrid.Compute.StopReason;

namespace BTTInferGrid.Grains.Tests.Compute;

/// <summary>Jobs on the real engine.</summary>
public sealed class JobGrainTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Run_Capital_IsPlacedAnsweredAndCounted()
    {
        var events = await RunAsync(Request(TinyModel.Question));

        Assert.Equal(TinyMiner.Id, Assert.IsType<JobPlaced>(events[0]).MinerId);
        var result = Assert.IsType<JobResult>(events[^1]);
        var tokens = events[1..^1].SelectMany(step => Assert.IsType<JobTokens>(step).Tokens).ToArray();
        Assert.Equal(StopReason.EndOfGeneration, result.StopReason);
        Assert.Equal(tokens.Length, result.Usage.OutputTokens);
        Assert.True(result.Usage.PrefillTime > TimeSpan.Zero);
        Assert.Equal(TinyModel.Answer, Text(tokens));
    }

    [Fact]
    public async Task Run_ClientSeed_RepeatsOnTheSameMiner()
    {
        var request = Request(TinyModel.LongQuestion) with
        {
            Sampling = new SamplingOptions(Temperature: 1.5f),
            ClientSeed = 11,
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
    public async Task Run_Cancelled_EndsWithOperationCanceled()
    {
        using var cancellation = new CancellationTokenSource();
        var endless = Request(TinyModel.LongQuestion) with { Sampling = new SamplingOptions(2f), MaxTokens = 400 };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in NewJob().Run(endless, cancellation.Token))
            {
                if (step is JobTokens)
                {
                    await cancellation.CancelAsync();
                }
            }
        });
    }

    [Fact]
    public async Task Run_SameJobTwice_IsRefused()
    {
        var job = NewJob();
        await foreach (var step in job.Run(Request(TinyModel.Question)))
        {
            Assert.NotNull(step);
        }

        await AssertRefusedAsync("job", job, Request(TinyModel.Question));
    }

    [Fact]
    public async Task Run_ImpossibleRequest_IsRefusedByField()
    {
        await AssertRefusedAsync("prompt", NewJob(), Request(TinyModel.Question) with { Prompt = [] });
        await AssertRefusedAsync("max_tokens", NewJob(), Request(TinyModel.Question) with { MaxTokens = 0 });
        await AssertRefusedAsync(
            "temperature", NewJob(), Request(TinyModel.Question) with { Sampling = new SamplingOptions(float.NaN) });
        await AssertRefusedAsync("prompt[0]", NewJob(), Request(TinyModel.Question) with { Prompt = [1 << 20] });
    }

    private static async Task AssertRefusedAsync(string field, IJobGrain job, JobRequest request)
    {
        var error = await Assert.ThrowsAsync<RequestRefusedException>(async () =>
        {
            await foreach (var step in job.Run(request))
            {
                Assert.IsType<JobPlaced>(step);
            }
        });
        Assert.Equal(field, error.Field);
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

    private JobRequest Request(string question) => new(
        TinyModel.Id,
        [.. Vocabulary.EncodeChat([new ChatMessage("user", question)])],
        new SamplingOptions(Temperature: 0),
        MaxTokens: 64,
        [],
        ClientSeed: null);

    private Vocabulary Vocabulary => cluster.Service<MinerEngine>().Engine.Vocabulary;

    private static int[] Tokens(IEnumerable<JobEvent> events) =>
        [.. events.OfType<JobTokens>().SelectMany(step => step.Tokens)];

    private string Text(int[] tokens)
    {
        var text = new TokenText(Vocabulary, []);
        return string.Concat(tokens.Select(text.Append)) + text.Finish();
    }
}
