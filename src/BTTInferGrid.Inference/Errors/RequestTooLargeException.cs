namespace BTTInferGrid.Inference;

/// <summary>A request that no idle engine of this size could run: prompt and output together exceed its room.</summary>
/// <param name="promptTokens">Tokens of the prompt.</param>
/// <param name="maxTokens">Output tokens asked for.</param>
/// <param name="limit">The most tokens, prompt and output together, that one request may use.</param>
public sealed class RequestTooLargeException(int promptTokens, int maxTokens, int limit)
    : InvalidParameterException(
        nameof(EngineRequest.MaxTokens),
        maxTokens,
        $"at most {Math.Max(0, limit - promptTokens)} with a prompt of {promptTokens} tokens, because a request may "
        + $"use {limit} tokens in all; shorten the prompt or ask for less output")
{
    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; } = promptTokens;

    /// <summary>Output tokens asked for.</summary>
    public int MaxTokens { get; } = maxTokens;

    /// <summary>The most tokens, prompt and output together, that one request may use.</summary>
    public int Limit { get; } = limit;
}
