namespace BTTInferGrid.Compute;

/// <summary>What a miner serves.</summary>
/// <param name="MinerId">Id of the miner.</param>
/// <param name="Model">Model id.</param>
/// <param name="Profile">Model profile: a hash that names exactly what runs, so that an answer can be replayed.</param>
/// <param name="ContextTokens">Most tokens, prompt and answer together, that one request may have.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-offer")]
public sealed record MinerOffer(
    [property: Id(0)] string MinerId,
    [property: Id(1)] string Model,
    [property: Id(2)] string Profile,
    [property: Id(3)] int ContextTokens);
