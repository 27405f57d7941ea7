namespace BTTInferGrid.Compute;

/// <summary>What a job tells of its miner when the miner's part in it is over.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">What went wrong; null if nothing did.</param>
/// <param name="OutputTokens">Tokens that the miner generated.</param>
/// <param name="Speed">How fast it was, by the job's own clock; default if it did too little to tell.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-outcome")]
public sealed record MinerOutcome(
    [property: Id(0)] string JobId,
    [property: Id(1)] AttemptOutcome Outcome,
    [property: Id(2)] string? Reason,
    [property: Id(3)] int OutputTokens,
    [property: Id(4)] MinerSpeed Speed);
