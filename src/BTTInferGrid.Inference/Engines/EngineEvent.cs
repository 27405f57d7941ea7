using System.Collections.Immutable;

namespace BTTInferGrid.Inference;

/// <summary>What an engine says about a request: tokens, any number of times, then one result.</summary>
public abstract record EngineEvent;

/// <summary>The next tokens of the answer.</summary>
/// <param name="Tokens">Every token chosen, in order, the one that ended the answer included.</param>
/// <param name="Text">
/// The text that has become certain with them, which may belong to earlier tokens; empty while a character or a
/// possible stop string is incomplete. Neither a stop string nor a control token appears in it.
/// </param>
public sealed record EngineTokens(ImmutableArray<int> Tokens, string Text) : EngineEvent
{
    /// <summary>
    /// One entry per token, in order; empty unless <see cref="EngineRequest.LogProbabilities"/> asked for them.
    /// </summary>
    public ImmutableArray<TokenLogProbabilities> LogProbabilities { get; init; } = [];
}

/// <summary>The answer is complete.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="StopString">The stop string that ended it; null for the other reasons.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedPromptTokens">Those of them that an earlier request had left in the cache.</param>
/// <param name="OutputTokens">
/// Tokens chosen, the one that ended the answer included, those of <see cref="EngineRequest.Answered"/> not.
/// </param>
/// <param name="Preemptions">
/// How often the request was interrupted to make room for others. What it had in the cache was computed again; no token
/// was chosen twice.
/// </param>
/// <param name="QueueTime">From the request to the start of its prompt.</param>
/// <param name="PrefillTime">From the start of the prompt to the first token.</param>
/// <param name="DecodeTime">From the first token to the last.</param>
public sealed record EngineResult(
    StopReason StopReason,
    string? StopString,
    int PromptTokens,
    int CachedPromptTokens,
    int OutputTokens,
    int Preemptions,
    TimeSpan QueueTime,
    TimeSpan PrefillTime,
    TimeSpan DecodeTime) : EngineEvent
{
    /// <summary>
    /// What the engine recorded of the answer, leaves included; null unless <see cref="EngineRequest.Commitment"/> asked
    /// for it. The engine keeps no copy.
    /// </summary>
    public Commitment? Commitment { get; init; }
}

/// <summary>Why an answer ended. The numbers are fixed: they appear in records that outlive the process.</summary>
public enum StopReason
{
    /// <summary>The model chose a token that ends its answer.</summary>
    EndOfGeneration = 0,

    /// <summary>A stop string of the request appeared.</summary>
    StopString = 1,

    /// <summary>The request's <see cref="EngineRequest.MaxTokens"/> were generated.</summary>
    MaxTokens = 2,

    /// <summary>A stop token of the request was chosen.</summary>
    StopToken = 3,
}
