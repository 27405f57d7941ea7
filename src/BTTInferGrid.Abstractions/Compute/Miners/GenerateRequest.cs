namespace BTTInferGrid.Compute;

/// <summary>What a job asks of a miner.</summary>
/// <param name="JobId">The job, for logs and receipts.</param>
/// <param name="Profile">Model profile that the miner must run; see <see cref="MinerOffer.Profile"/>.</param>
/// <param name="Prompt">Token ids of the prompt.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="Seed">Seed of the sampling noise, fixed with the job's first miner; see <see cref="SamplingSeed"/>.</param>
/// <param name="MaxTokens">Most tokens of the answer, those in <paramref name="Answered"/> included; at least 1.</param>
/// <param name="Stop">Strings that end the answer.</param>
/// <param name="Tenant">Computed prefixes are shared within it only.</param>
/// <param name="TopLikelihoods">See <see cref="JobRequest.TopLikelihoods"/>.</param>
/// <param name="Grammar">See <see cref="JobRequest.Grammar"/>.</param>
/// <param name="Answered">
/// Tokens of the answer that another miner has made; the miner goes on after them, as if they were its own. Fewer than
/// <paramref name="MaxTokens"/>; empty or default for a new answer.
/// </param>
[GenerateSerializer, Immutable, Alias("grid.generate-request")]
public sealed record GenerateRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Profile,
    [property: Id(2)] ImmutableArray<int> Prompt,
    [property: Id(3)] SamplingOptions Sampling,
    [property: Id(4)] ulong Seed,
    [property: Id(5)] int MaxTokens,
    [property: Id(6)] ImmutableArray<string> Stop,
    [property: Id(7)] string Tenant,
    [property: Id(8)] int? TopLikelihoods = null,
    [property: Id(9)] string? Grammar = null,
    [property: Id(10)] ImmutableArray<int> Answered = default);
