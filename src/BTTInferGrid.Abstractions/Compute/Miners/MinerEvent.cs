namespace BTTInferGrid.Compute;

/// <summary>One step of a miner's answer.</summary>
[GenerateSerializer, Immutable, Alias("grid.miner-event")]
public abstract record MinerEvent;

/// <summary>Tokens as they are made. Text is made from them at the front, never taken from a miner.</summary>
/// <param name="Tokens">One or more token ids, in order.</param>
/// <param name="Likelihoods">One entry per token if the request asked for log-probabilities, otherwise empty.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-tokens")]
public sealed record MinerTokens(
    [property: Id(0)] ImmutableArray<int> Tokens,
    [property: Id(1)] ImmutableArray<TokenLikelihood> Likelihoods = default) : MinerEvent;

/// <summary>The end of a miner's answer.</summary>
/// <param name="StopReason">Why the answer ended.</param>
/// <param name="Usage">What this miner did; tokens of another miner that it went on from are not counted.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-result")]
public sealed record MinerResult(
    [property: Id(0)] StopReason StopReason,
    [property: Id(1)] GenerationUsage Usage) : MinerEvent;
