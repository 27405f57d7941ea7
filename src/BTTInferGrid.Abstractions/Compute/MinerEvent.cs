namespace BTTInferGrid.Compute;

/// <summary>One step of a miner's answer.</summary>
[GenerateSerializer, Immutable, Alias("grid.miner-event")]
public abstract record MinerEvent;

/// <summary>Tokens as they are made. Text is made from them at the front, never taken from a miner.</summary>
/// <param name="Tokens">One or more token ids, in order.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-tokens")]
public sealed record MinerTokens([property: Id(0)] ImmutableArray<int> Tokens) : MinerEvent;

/// <summary>The end of the answer.</summary>
/// <param name="StopReason">Why it ended.</param>
/// <param name="Usage">What it took.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-result")]
public sealed record MinerResult(
    [property: Id(0)] StopReason StopReason,
    [property: Id(1)] GenerationUsage Usage) : MinerEvent;
