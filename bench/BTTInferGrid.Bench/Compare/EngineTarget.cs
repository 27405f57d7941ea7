using System.Diagnostics;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Bench.Compare;

/// <summary>Our engine, in this process.</summary>
internal sealed class EngineTarget : ITarget, IAsyncDisposable
{
    private const int CacheTokens = 16384;

    private readonly Engine _engine;
    private readonly Dictionary<int, float> _neverEnd;
    private int _tenant;

    private EngineTarget(Engine engine)
    {
        _engine = engine;
        var all = Enumerable.Range(0, engine.Vocabulary.Size).ToArray();
        PlainTokens = [.. all.Where(token => engine.Vocabulary.Decode(token).Length > 0)];
        _neverEnd = all.Where(engine.Vocabulary.IsEndOfGeneration).ToDictionary(token => token, _ => -100f);
    }

    public string Name => "engine";

    public TimeSpan CpuTime => Environment.CpuUsage.TotalTime;

    /// <summary>The tokens that stand for text.</summary>
    public int[] PlainTokens { get; }

    public static EngineTarget Load(CompareOptions options) => new(Engine.Load(
        LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance),
        options.Model,
        new EngineOptions
        {
            ContextTokens = CacheTokens,
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
            Sampling = SamplingParameters.Greedy with { LogitBias = _neverEnd },
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
