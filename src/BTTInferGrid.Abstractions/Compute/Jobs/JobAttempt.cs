namespace BTTInferGrid.Compute;

/// <summary>One miner's part in a job.</summary>
/// <param name="MinerId">The miner.</param>
/// <param name="Placement">Why this miner.</param>
/// <param name="Placed">When the miner was chosen.</param>
/// <param name="FirstToken">From there to its first token; null if none came.</param>
/// <param name="Ended">When its part ended; null while it works.</param>
/// <param name="OutputTokens">Tokens of the answer that are its.</param>
/// <param name="Outcome">How its part ended; null while it works.</param>
/// <param name="Reason">What went wrong; null if nothing did.</param>
[GenerateSerializer, Immutable, Alias("grid.job-attempt")]
public sealed record JobAttempt(
    [property: Id(0)] string MinerId,
    [property: Id(1)] PlacementTrace Placement,
    [property: Id(2)] DateTimeOffset Placed,
    [property: Id(3)] TimeSpan? FirstToken,
    [property: Id(4)] DateTimeOffset? Ended,
    [property: Id(5)] int OutputTokens,
    [property: Id(6)] AttemptOutcome? Outcome,
    [property: Id(7)] string? Reason);
