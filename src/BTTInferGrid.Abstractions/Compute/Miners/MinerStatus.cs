namespace BTTInferGrid.Compute;

/// <summary>What a miner is doing now, as it says.</summary>
/// <param name="Running">Requests that it decodes.</param>
/// <param name="Waiting">Requests in its queue.</param>
/// <param name="CacheTokens">Tokens that its KV cache holds.</param>
/// <param name="CacheTokensInUse">Those of them that running requests need.</param>
/// <param name="IsDraining">It takes no new requests, because it is about to stop.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-status")]
public readonly record struct MinerStatus(
    [property: Id(0)] int Running,
    [property: Id(1)] int Waiting,
    [property: Id(2)] int CacheTokens,
    [property: Id(3)] int CacheTokensInUse,
    [property: Id(4)] bool IsDraining);
