namespace BTTInferGrid.Compute;

/// <summary>The miner that was chosen for a job.</summary>
/// <param name="Miner">What it serves.</param>
/// <param name="Speed">How fast it is: what a job may expect, and by which it notices a stall.</param>
/// <param name="Trace">Why this one.</param>
[GenerateSerializer, Immutable, Alias("grid.placement")]
public sealed record Placement(
    [property: Id(0)] MinerOffer Miner,
    [property: Id(1)] MinerSpeed Speed,
    [property: Id(2)] PlacementTrace Trace);
