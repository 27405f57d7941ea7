namespace BTTInferGrid.Compute;

/// <summary>One step of a job.</summary>
[GenerateSerializer, Immutable, Alias("grid.job-event")]
public abstract record JobEvent;

/// <summary>
/// The job has a miner: its first, or the one that goes on where another was lost. Tokens that follow continue the answer.
/// </summary>
/// <param name="MinerId">Id of the miner.</param>
/// <param name="Seed">Seed of the sampling noise, the same for the whole answer.</param>
[GenerateSerializer, Immutable, Alias("grid.job-placed")]
public sealed record JobPlaced([property: Id(0)] string MinerId, [property: Id(1)] ulong Seed = 0) : JobEvent;

/// <summary>Tokens of the answer, checked against the request.</summary>
/// <param name="Tokens">One or more token ids, in order.</param>
/// <param name="LogProbs">One entry per token if the job asked for log-probabilities, otherwise empty.</param>
[GenerateSerializer, Immutable, Alias("grid.job-tokens")]
public sealed record JobTokens(
    [property: Id(0)] ImmutableArray<int> Tokens,
    [property: Id(1)] ImmutableArray<TokenLogProb> LogProbs = default) : JobEvent;

/// <summary>The miner has not begun, or goes on later, because other jobs of the grid come first. Repeated while that is so.</summary>
[GenerateSerializer, Immutable, Alias("grid.job-waiting")]
public sealed record JobWaiting : JobEvent
{
    /// <summary>The one value.</summary>
    public static readonly JobWaiting Instance = new();
}

/// <summary>The end of the job.</summary>
/// <param name="StopReason">Why the answer ended.</param>
/// <param name="Usage">Counts of the whole job, checked by it, and the engines' times.</param>
[GenerateSerializer, Immutable, Alias("grid.job-result")]
public sealed record JobResult(
    [property: Id(0)] StopReason StopReason,
    [property: Id(1)] GenerationUsage Usage) : JobEvent;

/// <summary>Why an answer ended. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.stop-reason")]
public enum StopReason
{
    /// <summary>The model ended its answer.</summary>
    EndOfGeneration = 0,

    /// <summary>A stop string of the request appeared.</summary>
    StopString = 1,

    /// <summary>The request's token limit was reached.</summary>
    MaxTokens = 2,
}

/// <summary>What a generation took: token counts, and times measured by the engine.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens generated, a final end-of-generation token included.</param>
/// <param name="QueueTime">Time until the engine took the request up.</param>
/// <param name="PrefillTime">Time from there to the first token.</param>
/// <param name="DecodeTime">Time from the first token to the last.</param>
/// <param name="CachedPromptTokens">Tokens of the prompt that the engine had computed for an earlier request.</param>
[GenerateSerializer, Immutable, Alias("grid.generation-usage")]
public sealed record GenerationUsage(
    [property: Id(0)] int PromptTokens,
    [property: Id(1)] int OutputTokens,
    [property: Id(2)] TimeSpan QueueTime,
    [property: Id(3)] TimeSpan PrefillTime,
    [property: Id(4)] TimeSpan DecodeTime,
    [property: Id(5)] int CachedPromptTokens = 0);

/// <summary>What the model thought of one token of an answer, before penalties, biases, temperature and cuts.</summary>
/// <param name="LogProbability">Natural logarithm of the chosen token's probability, at most 0.</param>
/// <param name="Top">The likeliest tokens, likeliest first: as many as the job asked for.</param>
[GenerateSerializer, Immutable, Alias("grid.token-log-prob")]
public sealed record TokenLogProb(
    [property: Id(0)] float LogProbability,
    [property: Id(1)] ImmutableArray<TopLogProb> Top);

/// <summary>A token and how likely the model held it.</summary>
/// <param name="Token">Token id.</param>
/// <param name="LogProbability">Natural logarithm of its probability, at most 0.</param>
[GenerateSerializer, Immutable, Alias("grid.top-log-prob")]
public readonly record struct TopLogProb([property: Id(0)] int Token, [property: Id(1)] float LogProbability);
