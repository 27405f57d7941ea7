using System.Diagnostics;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Bench.Compare;

/// <summary>Our engine, in this process.</summary>
internal sealed class EngineTarget : ITarget, IAsyncDisposable
{
    private const int CacheTokens = 16384;

    private readonly Engine _engine;
    private int _tenant;

    private EngineTarget(Engine engine)
    {
        _engine = engine;
        Vocabulary = new BenchVocabulary(engine.Vocabulary);
    }

    public string Name => "engine";

    public TimeSpan CpuTime => Environment.CpuUsage.TotalTime;

    /// <summary>Of the model, which both targets load.</summary>
    public BenchVocabulary Vocabulary { get; }

    public static EngineTarget Load(CompareOptions options) => new(Engine.Load(
        LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance),
        options.Model,
        new EngineOptions
        {
            CacheTokens = CacheTokens,
            Threads = options.Threads,
            RetainedTokens = options.RetainedTokens,
        },
        NullLogger<Engine>.Instance));

    public async Task<List<double>> GenerateAsync(
        int[] prompt, int outputTokens, bool reusePrefix, Action? onFirstToken = null)
    {
        var request = new EngineRequest
        {
            Prompt = prompt,
            MaxTokens = outputTokens,
            Sampling = SamplingParameters.Greedy with { LogitBias = Vocabulary.NeverEnd },
            Tenant = reusePrefix ? "shared" : $"alone-{Interlocked.Increment(ref _tenant)}",
        };
        var times = new List<double>(outputTokens);
        var watch = Stopwatch.StartNew();
        await foreach (var item in _engine.GenerateAsync(request))
        {
            if (item is EngineTokens tokens)
            {
                var now = watch.Elapsed.TotalMilliseconds;
                if (times.Count == 0)
                {
                    onFirstToken?.Invoke();
                }

                for (var i = 0; i < tokens.Tokens.Length; i++)
                {
                    times.Add(now);
                }
            }
        }

        return times;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
