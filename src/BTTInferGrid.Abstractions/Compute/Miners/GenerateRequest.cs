namespace BTTInferGrid.Compute;

/// <summary>What a job asks of one miner.</summary>
/// <param name="JobId">The job, for logs and receipts.</param>
/// <param name="Job">Prompt and parameters of the whole answer.</param>
/// <param name="Seed">Seed of the sampling noise, fixed with the job's first miner; see <see cref="SamplingSeed"/>.</param>
/// <param name="Answered">
/// Tokens of the answer that another miner has made; the miner continues after them as if they were its own. Fewer than
/// <see cref="JobRequest.MaxTokens"/>; empty for a new answer.
/// </param>
[GenerateSerializer, Immutable, Alias("grid.generate-request")]
public sealed record GenerateRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] JobRequest Job,
    [property: Id(2)] ulong Seed,
    [property: Id(3)] ImmutableArray<int> Answered);
