namespace BTTInferGrid.Compute;

/// <summary>What a miner wants to be paid, in millionths of a BTT for a thousand tokens.</summary>
/// <param name="Prompt">For a thousand tokens of prompt; at least 0.</param>
/// <param name="Output">For a thousand tokens of answer; at least 0.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-ask")]
public readonly record struct MinerAsk([property: Id(0)] long Prompt, [property: Id(1)] long Output);
