using System.Diagnostics;
using System.Globalization;

namespace BTTInferGrid.Inference.Tests.Engines;

/// <summary>
/// Many streams with random requests and random ends. BTTGRID_SOAK_SECONDS says for how long; 3 if it is not set.
/// </summary>
public class EngineSoakTests
{
    private const int Streams = 32;

    private static readonly EngineOptions Options =
        new() { CacheTokens = 768, MaxSequences = 12, BatchTokens = 96, PromptTokensBesideStreams = 64 };

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(int.Parse(
        Environment.GetEnvironmentVariable("BTTGRID_SOAK_SECONDS") ?? "3", CultureInfo.InvariantCulture));

    private enum Ending
    {
        Read,
        Cancel,
        Leave,
        CancelUnread,
    }

    [Fact]
    public async Task GenerateAsync_RandomStreamsAndEnds_LeaveNothingBehind()
    {
        await using var engine = TinyModel.LoadEngine(Options);
        var watch = Stopwatch.StartNew();
        var ends = new int[Enum.GetValues<Ending>().Length];
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => Task.Run(async () =>
        {
            var random = new Random(stream);
            while (watch.Elapsed < Duration)
            {
                var ending = (Ending)random.Next(ends.Length);
                await RunAsync(engine, random, ending).Within($"the end of a request of stream {stream}: {ending}");
                Interlocked.Increment(ref ends[(int)ending]);
            }
        })));

        var answer = await engine.AnswerAsync("What is the capital of Japan?").Within("an answer after");
        Assert.Equal("The capital of Japan is Tokyo.", answer.Text);
        var retained = engine.Status.RetainedTokens;
        Assert.Equal(new EngineStatus(0, 0, 0, retained, Options.CacheTokens), engine.Status);
        Assert.InRange(retained, answer.Result.PromptTokens, Options.CacheTokens);
        Assert.All(ends, count => Assert.True(count > 0, string.Join(", ", ends)));

        // Every cell can be had again: llama.cpp has freed what the engine has counted as free.
        var prompt = RandomPrompt(new Random(99), Options.CacheTokens - 1);
        var whole = new EngineRequest { Prompt = prompt, MaxTokens = 1 };
        var last = await engine.AnswerAsync(whole).Within("an answer that takes the whole cache");
        Assert.Equal(1, last.Result.OutputTokens);
    }

    [Fact]
    public async Task DisposeAsync_AmidManyStreams_EndsThemAll()
    {
        for (var round = 0; round < 5; round++)
        {
            var engine = TinyModel.LoadEngine(Options);
            var first = new TaskCompletionSource();
            var streams = Enumerable.Range(0, Streams).Select(stream =>
            {
                var request = RandomRequest(new Random((100 * round) + stream));
                return Task.Run(async () =>
                {
                    await foreach (var item in engine.GenerateAsync(request))
                    {
                        first.TrySetResult();
                    }
                });
            }).ToList();
            await first.Task.Within("the first token");

            await engine.DisposeAsync().AsTask().Within("the engine's end");

            foreach (var stream in streams)
            {
                await stream.ContinueWith(_ => { }, TaskScheduler.Default).Within("a stream's end");
                Assert.True(stream.IsCompletedSuccessfully
                    || stream.Exception!.InnerException is EngineStoppedException, $"{stream.Exception}");
            }
        }
    }

    private static async Task RunAsync(Engine engine, Random random, Ending ending)
    {
        using var cancel = new CancellationTokenSource();
        var left = random.Next(12);
        var output = 0;
        var events = engine.GenerateAsync(RandomRequest(random), cancel.Token);
        if (ending == Ending.CancelUnread)
        {
            var enumerator = events.GetAsyncEnumerator();
            var next = enumerator.MoveNextAsync().AsTask();
            await cancel.CancelAsync();
            await next.ContinueWith(_ => { }, TaskScheduler.Default);
            await enumerator.DisposeAsync();
            return;
        }

        try
        {
            await foreach (var item in events)
            {
                output += (item as EngineTokens)?.Tokens.Length ?? 0;
                Assert.Equal(output, (item as EngineResult)?.OutputTokens ?? output);
                if (ending != Ending.Read && left-- == 0)
                {
                    if (ending == Ending.Leave)
                    {
                        return;
                    }

                    await cancel.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (ending == Ending.Cancel)
        {
            Assert.True(cancel.IsCancellationRequested);
        }
    }

    private static EngineRequest RandomRequest(Random random)
    {
        var request = random.Next(4) == 0
            ? TinyModel.Ask("Tell me a short story.")
            : new EngineRequest { Prompt = RandomPrompt(random, random.Next(1, 300)), MaxTokens = 1 };
        return request with
        {
            MaxTokens = random.Next(1, 80),
            Priority = random.Next(-2, 3),
            Tenant = random.Next(3).ToString(CultureInfo.InvariantCulture),
            LogProbabilities = random.Next(5) == 0 ? random.Next(21) : null,
            Stop = random.Next(5) == 0 ? ["Anna was"] : [],
            Sampling = new SamplingParameters
            {
                Temperature = random.Next(3) * 0.7f,
                TopK = random.Next(2) * 20,
                RepetitionPenalty = random.Next(2) == 0 ? 1 : 1.1f,
                Seed = (ulong)random.Next(),
            },
        };
    }

    /// <summary>A prompt out of few beginnings, so that many have one in common.</summary>
    private static int[] RandomPrompt(Random random, int length)
    {
        var beginning = new Random(random.Next(5));
        var common = random.Next(length + 1);
        return [.. Enumerable.Range(0, length).Select(i => (i < common ? beginning : random).Next(300, 900))];
    }
}
