using System.Diagnostics;

namespace BTTInferGrid.Bench.Compare;

/// <summary>The scenarios. Prompts are random tokens, so nothing is found in a cache unless the scenario is about it.</summary>
internal sealed class Scenarios(BenchVocabulary vocabulary, int outputTokens)
{
    private const int PromptTokens = 64;
    private const int LongPromptTokens = 2000;
    private const int SharedPrefixTokens = 1500;
    private int _number;

    public IEnumerable<Scenario> All()
    {
        foreach (var streams in (int[])[1, 8, 32])
        {
            yield return new($"output tokens/s, {streams} streams", "1/s", (target, _) => ThroughputAsync(target, streams));
        }

        foreach (var streams in (int[])[1, 8, 32])
        {
            yield return new($"CPU s per 1,000 tokens, {streams} streams", "s", (target, _) => CpuAsync(target, streams));
        }

        yield return new("time to first token, 1 stream, p50", "ms", async (target, _) => (await FirstTokensAsync(target)).At(50));
        yield return new("time to first token, 1 stream, p99", "ms", async (target, _) => (await FirstTokensAsync(target)).At(99));
        yield return new("between tokens, 8 streams, p50", "ms", async (target, _) => (await GapsAsync(target)).At(50));
        yield return new("between tokens, 8 streams, p99", "ms", async (target, _) => (await GapsAsync(target)).At(99));
        yield return new($"between tokens, 4 streams while a {LongPromptTokens}-token prompt comes, p99", "ms", StallAsync);
        yield return new($"time to first token, {SharedPrefixTokens + 16}-token prompt, cold", "ms", (target, _) => PrefixAsync(target, warm: false));
        yield return new($"time to first token, {SharedPrefixTokens} of its tokens shared, warm", "ms", (target, _) => PrefixAsync(target, warm: true));
        yield return new("what the shared prefix gains, cold / warm", "times", async (target, _) =>
            await PrefixAsync(target, warm: false) / await PrefixAsync(target, warm: true));
    }

    private async Task<double> ThroughputAsync(ITarget target, int streams)
    {
        var watch = Stopwatch.StartNew();
        var times = await StreamsAsync(target, streams, outputTokens);
        return times.Sum(tokens => tokens.Count) / watch.Elapsed.TotalSeconds;
    }

    private async Task<double> CpuAsync(ITarget target, int streams)
    {
        var before = target.CpuTime;
        var times = await StreamsAsync(target, streams, outputTokens);
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

    /// <summary>Of the gaps that end while the prompt is read: a whole prompt in one step gives each stream a single one.</summary>
    private async Task<double> StallAsync(ITarget target, int round)
    {
        var started = new CountdownEvent(4);
        var allRun = new TaskCompletionSource();
        var clock = Stopwatch.StartNew();
        var running = Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
        {
            var prompt = Prompt(PromptTokens);
            return Task.Run(async () =>
            {
                var start = clock.Elapsed.TotalMilliseconds;
                var times = await target.GenerateAsync(prompt, 4 * outputTokens, false, () =>
                {
                    if (started.Signal())
                    {
                        allRun.SetResult();
                    }
                });
                return times.ConvertAll(time => start + time);
            });
        }));
        await allRun.Task;
        var from = clock.Elapsed.TotalMilliseconds;
        await target.GenerateAsync(Prompt(LongPromptTokens), 1, false);
        var to = clock.Elapsed.TotalMilliseconds;

        // The step with the prompt's last tokens ends for all streams at about the same time.
        var gaps = (await running).SelectMany(times => times.Zip(times.Skip(1)))
            .Where(gap => gap.Second >= from && gap.First <= to)
            .Select(gap => gap.Second - gap.First);
        return Percentiles.Of(gaps).At(99);
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
