using System.Diagnostics.Metrics;
using BTTInferGrid.Grains.Mining;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Grains.Telemetry;

/// <summary>Shows what the engine of this process's miner does.</summary>
internal sealed class EngineMetrics
{
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _cachedTokens;

    public EngineMetrics(IMeterFactory meters, MinerEngine miner)
    {
        var meter = meters.Create(GridTelemetry.Name);
        meter.CreateObservableGauge(
            "bttgrid.engine.requests.running", () => miner.Status.Running, "{request}", "Requests that are decoded.");
        meter.CreateObservableGauge(
            "bttgrid.engine.requests.waiting", () => miner.Status.Waiting, "{request}", "Requests in the queue.");
        meter.CreateObservableGauge(
            "bttgrid.engine.kv_cache.size", () => miner.Status.CacheTokens, "{token}", "Tokens that the KV cache holds.");
        meter.CreateObservableGauge(
            "bttgrid.engine.kv_cache.used", () => miner.Status.CacheTokensInUse, "{token}", "Those that running requests need.");
        _tokens = meter.CreateCounter<long>(
            "bttgrid.engine.tokens", "{token}", "Tokens of prompts (input) and answers (output) of requests that came to their end.");
        _cachedTokens = meter.CreateCounter<long>(
            "bttgrid.engine.prefix_cache.hits", "{token}", "Tokens of those prompts that were computed before.");
    }

    /// <summary>A request came to its end.</summary>
    public void Completed(EngineResult result)
    {
        _tokens.Add(result.PromptTokens, new KeyValuePair<string, object?>(Tags.TokenType, "input"));
        _tokens.Add(result.OutputTokens, new KeyValuePair<string, object?>(Tags.TokenType, "output"));
        _cachedTokens.Add(result.CachedPromptTokens);
    }
}
