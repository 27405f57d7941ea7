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
            yield return new(
                [new($"output tokens/s, {streams} streams", "1/s"), new($"CPU s per 1,000 tokens, {streams} streams", "s")],
                target => ThroughputAsync(target, streams));
        }

        yield return new(Percentiles50And99("time to first token, 1 stream"), FirstTokensAsync);
        yield return new(Percentiles50And99("between tokens, 8 streams"), GapsAsync);
        yield return new(
            [new($"between tokens, 4 streams while a {LongPromptTokens}-token prompt comes, p99", "ms")], StallAsync);
        yield return new(
            [
                new($"time to first token, {SharedPrefixTokens + 16}-token prompt, cold", "ms"),
                new($"time to first token, {SharedPrefixTokens} of its tokens shared, warm", "ms"),
                new("what the shared prefix gains, cold / warm", "times"),
            ],
            PrefixAsync);
    }

    private static Row[] Percentiles50And99(string name) => [new($"{name}, p50", "ms"), new($"{name}, p99", "ms")];

    private async Task<double[]> ThroughputAsync(ITarget target, int streams)
    {
        var before = target.CpuTime;
        var watch = Stopwatch.StartNew();
        await StreamsAsync(target, streams, outputTokens);

        // Not the tokens that were seen: llama-server sends those without a whole character together with the next.
        var count = (double)streams * outputTokens;
        return [count / watch.Elapsed.TotalSeconds, (target.CpuTime - before).TotalSeconds * 1000 / count];
    }

    private async Task<double[]> FirstTokensAsync(ITarget target)
    {
        var first = new List<double>();
        for (var i = 0; i < 30; i++)
        {
            first.Add((await target.GenerateAsync(Prompt(PromptTokens), 1, false))[0]);
        }

        return At50And99(Percentiles.Of(first));
    }

    private async Task<double[]> GapsAsync(ITarget target) =>
        At50And99(Percentiles.Of((await StreamsAsync(target, 8, outputTokens)).SelectMany(Gaps)));

    private static double[] At50And99(Percentiles values) => [values.At(50), values.At(99)];

    /// <summary>Of the gaps that end while the prompt is read: a whole prompt in one step gives each stream a single one.</summary>
    private async Task<double[]> StallAsync(ITarget target)
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
        return [Percentiles.Of(gaps).At(99)];
    }

    private async Task<double[]> PrefixAsync(ITarget target)
    {
        var prefix = Prompt(SharedPrefixTokens);
        var cold = (await target.GenerateAsync([.. prefix, .. Prompt(16)], 1, true))[0];
        var warm = (await target.GenerateAsync([.. prefix, .. Prompt(16)], 1, true))[0];
        return [cold, warm, cold / warm];
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
