namespace BTTInferGrid.Compute;

/// <summary>How fast a miner is, as measured by the grid when it joined and with each job since.</summary>
/// <param name="PrefillTokensPerSecond">Prompt tokens that one request reads in a second; 0 if not measured yet.</param>
/// <param name="DecodeTokensPerSecond">Tokens that one request is given in a second; 0 if not measured yet.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-speed")]
public readonly record struct MinerSpeed(
    [property: Id(0)] double PrefillTokensPerSecond, [property: Id(1)] double DecodeTokensPerSecond);
