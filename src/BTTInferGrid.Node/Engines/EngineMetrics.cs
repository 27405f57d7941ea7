using System.Diagnostics.Metrics;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Node;

/// <summary>Measurements of this process's engine. <c>docs/telemetry.md</c> lists them.</summary>
public sealed class EngineMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "BTTInferGrid";

    private const string TokenType = "gen_ai.token.type";

    private readonly Counter<long> _tokens;
    private readonly Counter<long> _cachedTokens;

    internal EngineMetrics(IMeterFactory meters, NodeEngine engine)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "bttgrid.engine.requests.running", () => engine.Status.Running, "{request}", "Requests that are decoded.");
        meter.CreateObservableGauge(
            "bttgrid.engine.requests.waiting", () => engine.Status.Waiting, "{request}", "Requests in the queue.");
        meter.CreateObservableGauge(
            "bttgrid.engine.kv_cache.size", () => engine.Status.CacheTokens, "{token}", "Tokens that the KV cache holds.");
        meter.CreateObservableGauge(
            "bttgrid.engine.kv_cache.used", () => engine.Status.RunningTokens, "{token}", "Those that running requests need.");
        _tokens = meter.CreateCounter<long>(
            "bttgrid.engine.tokens", "{token}", "Tokens of prompts (input) and answers (output) of completed requests.");
        _cachedTokens = meter.CreateCounter<long>(
            "bttgrid.engine.prefix_cache.hits", "{token}", "Tokens of those prompts that were computed before.");
    }

    /// <summary>Counts a completed request.</summary>
    /// <param name="result">What it amounted to.</param>
    public void Completed(EngineResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _tokens.Add(result.PromptTokens, new KeyValuePair<string, object?>(TokenType, "input"));
        _tokens.Add(result.OutputTokens, new KeyValuePair<string, object?>(TokenType, "output"));
        _cachedTokens.Add(result.CachedPromptTokens);
    }
}
