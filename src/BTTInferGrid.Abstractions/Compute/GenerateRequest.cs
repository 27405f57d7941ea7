namespace BTTInferGrid.Compute;

/// <summary>What a job asks of a miner.</summary>
/// <param name="JobId">The job, for logs and receipts.</param>
/// <param name="Profile">Model profile that the miner must run; see <see cref="MinerOffer.Profile"/>.</param>
/// <param name="Prompt">Token ids of the prompt.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="Seed">Seed of the sampling noise, fixed after the miner is; see <see cref="SamplingSeed"/>.</param>
/// <param name="MaxTokens">Most tokens to generate; at least 1.</param>
/// <param name="Stop">Strings that end the answer.</param>
/// <param name="Tenant">Computed prefixes are shared within it only.</param>
[GenerateSerializer, Immutable, Alias("grid.generate-request")]
public sealed record GenerateRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Profile,
    [property: Id(2)] ImmutableArray<int> Prompt,
    [property: Id(3)] SamplingOptions Sampling,
    [property: Id(4)] ulong Seed,
    [property: Id(5)] int MaxTokens,
    [property: Id(6)] ImmutableArray<string> Stop,
    [property: Id(7)] string Tenant);
