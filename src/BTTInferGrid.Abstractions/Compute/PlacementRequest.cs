namespace BTTInferGrid.Compute;

/// <summary>What a job needs of a miner.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Profile">The model profile that the miner must run.</param>
/// <param name="TotalTokens">Prompt and largest answer together.</param>
[GenerateSerializer, Immutable, Alias("grid.placement-request")]
public sealed record PlacementRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Profile,
    [property: Id(2)] int TotalTokens);
