using System.Diagnostics;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Bench;

/// <summary>
/// How much sooner an answer is replayed than it was generated, one token after the other and alone. Generated and
/// replayed in turn; the ratio is taken round by round.
/// </summary>
internal static class ReplayBench
{
    private const int PromptTokens = 64;

    private static readonly CommitmentScope Scope = new("bench", "bench", "bench");

    public static async Task RunAsync(ReplayBenchOptions options)
    {
        var library = LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance);
        await using var engine = Engine.Load(
            library, options.Model, new EngineOptions { Threads = options.Threads }, NullLogger<Engine>.Instance);
        await using var replayer = Replayer.Load(
            library, options.Model, new ReplayOptions { Threads = options.Threads }, NullLogger<Replayer>.Instance);
        Console.WriteLine(
            $"{Path.GetFileName(options.Model)}, CPU back end {library.CpuBackend}, {options.Threads} thread(s), "
            + $"{PromptTokens} prompt tokens, {options.Tokens} output tokens, {options.Rounds} rounds");
        Console.WriteLine();

        var vocabulary = new BenchVocabulary(engine.Vocabulary);
        List<double> generated = [], replayed = [], agreed = [];
        for (var round = -1; round < options.Rounds; round++)
        {
            var request = new EngineRequest
            {
                Prompt = vocabulary.Prompt(round + 1, PromptTokens),
                MaxTokens = options.Tokens,
                Sampling = new SamplingParameters { Seed = (ulong)(round + 1), LogitBias = vocabulary.NeverEnd },
            };
            var (output, generating) = await GenerateAsync(engine, request);
            var watch = Stopwatch.StartNew();
            var positions = await replayer.ReplayAsync(new ReplayRequest
            {
                Prompt = request.Prompt,
                Output = output,
                Sampling = request.Sampling,
                Scope = Scope,
            });

            // The first round only warms up.
            if (round >= 0)
            {
                replayed.Add(watch.Elapsed.TotalMilliseconds);
                generated.Add(generating);
                agreed.Add(100.0 * positions.Count(position => position.Winner == position.Evidence.Token) / output.Length);
            }
        }

        Console.WriteLine("| | median [min-max] |");
        Console.WriteLine("|---|---|");
        Console.WriteLine($"| generate, ms | {Percentiles.Of(generated).Spread("F1")} |");
        Console.WriteLine($"| replay, ms | {Percentiles.Of(replayed).Spread("F1")} |");
        Console.WriteLine($"| generate / replay | {Percentiles.Of(generated.Zip(replayed, (slow, fast) => slow / fast)).Spread("F1")} |");
        Console.WriteLine($"| tokens that the replay chooses too, % | {Percentiles.Of(agreed).Spread("F1")} |");
    }

    private static async Task<(int[] Output, double Milliseconds)> GenerateAsync(Engine engine, EngineRequest request)
    {
        var output = new List<int>(request.MaxTokens);
        var watch = Stopwatch.StartNew();
        await foreach (var item in engine.GenerateAsync(request))
        {
            if (item is EngineTokens tokens)
            {
                output.AddRange(tokens.Tokens);
            }
        }

        return ([.. output], watch.Elapsed.TotalMilliseconds);
    }
}
