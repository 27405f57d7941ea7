namespace BTTInferGrid.Compute;

/// <summary>What the grid believes of a miner.</summary>
/// <param name="Offer">What it says that it serves.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Since">Since when.</param>
/// <param name="Speed">How fast it is.</param>
/// <param name="Status">What it said last of what it is doing.</param>
/// <param name="Record">How its jobs went.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-standing")]
public sealed record MinerStanding(
    [property: Id(0)] MinerOffer Offer,
    [property: Id(1)] MinerState State,
    [property: Id(2)] string Reason,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] MinerSpeed Speed,
    [property: Id(5)] MinerStatus Status,
    [property: Id(6)] MinerTally Record);
