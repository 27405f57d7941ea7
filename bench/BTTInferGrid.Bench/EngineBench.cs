using System.Diagnostics;
using System.Globalization;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Bench;

/// <summary>
/// The engine alone, without network: output tokens per second with several streams of chat requests, and the time to
/// the first text of a single one. A stream sends its next request when the last is answered.
/// </summary>
internal static class EngineBench
{
    private static readonly int[] Streams = [1, 8, 32];

    public static async Task RunAsync(EngineBenchOptions options)
    {
        var library = LlamaLibrary.Load(new LlamaOptions { CpuBackend = options.CpuBackend }, NullLogger.Instance);
        var settings = new EngineOptions { Threads = options.Threads };
        await using var engine = Engine.Load(library, options.Model, settings, NullLogger<Engine>.Instance);
        Console.WriteLine(
            $"llama.cpp {library.Version}, CPU back end {library.CpuBackend}, {settings.EffectiveThreads} threads on "
            + $"{Environment.ProcessorCount} processors, {Path.GetFileName(options.Model)}, {options.Rounds} rounds");
        Console.WriteLine();
        await MeasureStreamsAsync(engine, 8, options.Tokens);

        Console.WriteLine("Median [min-max] of the rounds.");
        Console.WriteLine();
        Console.WriteLine("| streams | output tokens/s | CPU s per 1000 tokens | managed bytes per token |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var streams in Streams)
        {
            var rounds = new List<Round>();
            for (var i = 0; i < options.Rounds; i++)
            {
                rounds.Add(await MeasureStreamsAsync(engine, streams, options.Tokens));
            }

            var speed = Percentiles.Of(rounds.Select(r => r.TokensPerSecond)).Spread("F0");
            var cpu = Percentiles.Of(rounds.Select(r => r.CpuPerThousand)).Spread("F2");
            var bytes = Percentiles.Of(rounds.Select(r => r.BytesPerToken)).Spread("F0");
            Console.WriteLine($"| {streams} | {speed} | {cpu} | {bytes} |");
        }

        var first = new List<double>();
        for (var i = 0; i < 20 * options.Rounds; i++)
        {
            first.Add(await FirstTextAsync(engine, i));
        }

        var times = Percentiles.Of(first);
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Time to first text, 1 stream, {Request(engine, 0).Prompt.Length} prompt tokens, {first.Count} requests: "
            + $"p50 {times.At(50):F2} ms, p99 {times.At(99):F2} ms"));
    }

    private static EngineRequest Request(Engine engine, int number) => new()
    {
        Prompt = engine.Vocabulary.EncodeChat(BenchPrompts.Messages(number)),
        MaxTokens = 128,
        Sampling = new SamplingParameters { Seed = (ulong)number },
    };

    private static async Task<Round> MeasureStreamsAsync(Engine engine, int streams, int tokens)
    {
        var number = 0;
        var produced = 0;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(async () =>
        {
            while (Volatile.Read(ref produced) < tokens)
            {
                await foreach (var item in engine.GenerateAsync(Request(engine, Interlocked.Increment(ref number))))
                {
                    if (item is EngineTokens more)
                    {
                        Interlocked.Add(ref produced, more.Tokens.Length);
                    }
                }
            }
        })));
        var seconds = watch.Elapsed.TotalSeconds;
        return new Round(
            produced / seconds,
            (Environment.CpuUsage.TotalTime - cpu).TotalSeconds * 1000 / produced,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)produced);
    }

    private static async Task<double> FirstTextAsync(Engine engine, int number)
    {
        var request = Request(engine, number);
        var watch = Stopwatch.StartNew();
        await foreach (var item in engine.GenerateAsync(request))
        {
            if (item is EngineTokens { Text.Length: > 0 })
            {
                return watch.Elapsed.TotalMilliseconds;
            }
        }

        throw new InvalidOperationException("The answer had no text.");
    }

    private sealed record Round(double TokensPerSecond, double CpuPerThousand, double BytesPerToken);
}
