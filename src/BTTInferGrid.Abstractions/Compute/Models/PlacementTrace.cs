namespace BTTInferGrid.Compute;

/// <summary>Why a job went where it went.</summary>
/// <param name="Known">Miners of the model that the grid knows.</param>
/// <param name="NotActive">Those passed over because they are not active.</param>
/// <param name="OtherProfile">Those passed over because they run another profile.</param>
/// <param name="TooSmall">Those passed over because the request does not fit their context.</param>
/// <param name="Excluded">Those passed over because the job had tried them.</param>
/// <param name="Finalists">The best of the rest, at most two, the winner first.</param>
/// <param name="Decision">Why the winner won, for a person.</param>
[GenerateSerializer, Immutable, Alias("grid.placement-trace")]
public sealed record PlacementTrace(
    [property: Id(0)] int Known,
    [property: Id(1)] int NotActive,
    [property: Id(2)] int OtherProfile,
    [property: Id(3)] int TooSmall,
    [property: Id(4)] int Excluded,
    [property: Id(5)] ImmutableArray<PlacementCandidate> Finalists,
    [property: Id(6)] string Decision);
