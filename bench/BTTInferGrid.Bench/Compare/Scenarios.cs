using System.Diagnostics;

namespace BTTInferGrid.Bench.Compare;

/// <summary>The scenarios. Prompts are random tokens, so nothing is found in a cache unless the scenario is about it.</summary>
internal sealed class Scenarios(BenchVocabulary vocabulary, int outputTokens)
{
    private const int PromptTokens = 64;
    private const int LongPromptTokens = 1900;
    private const int SharedPrefixTokens = 1500;
    private int _number;

    public IEnumerable<Scenario> All()
    {
        foreach (var streams in (int[])[1, 8, 32])
        {
            yield return new($"output tokens/s, {streams} streams", "1/s", (target, _) => ThroughputAsync(target, streams));
        }

        yield return new("CPU s per 1,000 tokens, 8 streams", "s", CpuAsync);
        yield return new("time to first token, 1 stream, p50", "ms", async (target, _) => (await FirstTokensAsync(target)).At(50));
        yield return new("time to first token, 1 stream, p99", "ms", async (target, _) => (await FirstTokensAsync(target)).At(99));
        yield return new("between tokens, 8 streams, p50", "ms", async (target, _) => (await GapsAsync(target)).At(50));
        yield return new("between tokens, 8 streams, p99", "ms", async (target, _) => (await GapsAsync(target)).At(99));
        yield return new($"stall: longest wait of 4 streams while a {LongPromptTokens}-token prompt comes", "ms", StallAsync);
        yield return new($"time to first token, {SharedPrefixTokens + 16}-token prompt, cold", "ms", (target, _) => PrefixAsync(target, warm: false));
        yield return new($"time to first token, {SharedPrefixTokens} of its tokens shared, warm", "ms", (target, _) => PrefixAsync(target, warm: true));
    }

    private async Task<double> ThroughputAsync(ITarget target, int streams)
    {
        var watch = Stopwatch.StartNew();
        var times = await StreamsAsync(target, streams, outputTokens);
        return times.Sum(tokens => tokens.Count) / watch.Elapsed.TotalSeconds;
    }

    private async Task<double> CpuAsync(ITarget target, int round)
    {
        var before = target.CpuTime;
        var times = await StreamsAsync(target, 8, outputTokens);
        return (target.CpuTime - before).TotalSeconds * 1000 / times.Sum(tokens => tokens.Count);
    }

    private async Task<Percentiles> FirstTokensAsync(ITarget target)
    {
        var first = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            first.Add((await target.GenerateAsync(Prompt(PromptTokens), 1, false))[0]);
        }

        return Percentiles.Of(first);
    }

    private async Task<Percentiles> GapsAsync(ITarget target) =>
        Percentiles.Of((await StreamsAsync(target, 8, outputTokens)).SelectMany(Gaps));

    private async Task<double> StallAsync(ITarget target, int round)
    {
        var started = new CountdownEvent(4);
        var allRun = new TaskCompletionSource();
        var running = Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
        {
            var prompt = Prompt(PromptTokens);
            return Task.Run(() => target.GenerateAsync(prompt, 4 * outputTokens, false, () =>
            {
                if (started.Signal())
                {
                    allRun.SetResult();
                }
            }));
        }));
        await allRun.Task;
        await target.GenerateAsync(Prompt(LongPromptTokens), 1, false);
        return (await running).SelectMany(Gaps).Max();
    }

    private async Task<double> PrefixAsync(ITarget target, bool warm)
    {
        var prefix = Prompt(SharedPrefixTokens);
        var cold = (await target.GenerateAsync([.. prefix, .. Prompt(16)], 1, true))[0];
        return warm ? (await target.GenerateAsync([.. prefix, .. Prompt(16)], 1, true))[0] : cold;
    }

    private Task<List<double>[]> StreamsAsync(ITarget target, int streams, int tokens) =>
        Task.WhenAll(Enumerable.Range(0, streams).Select(_ =>
        {
            var prompt = Prompt(PromptTokens);
            return Task.Run(() => target.GenerateAsync(prompt, tokens, false));
        }));

    private int[] Prompt(int length) => vocabulary.Prompt(Interlocked.Increment(ref _number), length);

    private static IEnumerable<double> Gaps(List<double> times) =>
        times.Zip(times.Skip(1), (before, after) => after - before);
}
