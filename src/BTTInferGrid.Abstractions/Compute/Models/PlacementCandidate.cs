namespace BTTInferGrid.Compute;

/// <summary>How a miner was scored for a job; the lowest cost is the best.</summary>
/// <param name="MinerId">The miner.</param>
/// <param name="Cost">Expected seconds, weighed by price and record: what the miners are compared by.</param>
/// <param name="ExpectedSeconds">How long the job would take there.</param>
/// <param name="Jobs">Jobs that it had.</param>
/// <param name="CachedTokens">Tokens of the prompt that it should have in its cache.</param>
/// <param name="Price">What it asks for the job at most, in millionths of a BTT.</param>
/// <param name="Failures">Failed jobs in a row.</param>
[GenerateSerializer, Immutable, Alias("grid.placement-candidate")]
public sealed record PlacementCandidate(
    [property: Id(0)] string MinerId,
    [property: Id(1)] double Cost,
    [property: Id(2)] double ExpectedSeconds,
    [property: Id(3)] int Jobs,
    [property: Id(4)] int CachedTokens,
    [property: Id(5)] long Price,
    [property: Id(6)] int Failures);
