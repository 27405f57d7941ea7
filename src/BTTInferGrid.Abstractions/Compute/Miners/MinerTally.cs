namespace BTTInferGrid.Compute;

/// <summary>How a miner's jobs went.</summary>
/// <param name="Completed">Jobs that it brought to their end, or that their reader left.</param>
/// <param name="Failed">Jobs in which it was lost, stalled, failed, broke the protocol, or refused what others served.</param>
/// <param name="FailedInARow">The latest of those with no other outcome since.</param>
/// <param name="OutputTokens">Tokens that it generated.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-tally")]
public readonly record struct MinerTally(
    [property: Id(0)] long Completed,
    [property: Id(1)] long Failed,
    [property: Id(2)] int FailedInARow,
    [property: Id(3)] long OutputTokens);
