namespace BTTInferGrid.Compute;

/// <summary>What a job needs of a miner.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Profile">The model profile that the miner must run.</param>
/// <param name="PromptTokens">Tokens that the miner has to read, those of an answer it goes on with included.</param>
/// <param name="MaxTokens">Most tokens that it may have to generate.</param>
/// <param name="Prefixes">
/// Keys of the prompt's beginnings, the shortest first; see <see cref="PromptPrefixes"/>. A miner that has served one of
/// them before has a part of the prompt in its cache.
/// </param>
/// <param name="Excluded">Miners that this job has tried; empty or default for none.</param>
[GenerateSerializer, Immutable, Alias("grid.placement-request")]
public sealed record PlacementRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Profile,
    [property: Id(2)] int PromptTokens,
    [property: Id(3)] int MaxTokens,
    [property: Id(4)] ImmutableArray<ulong> Prefixes = default,
    [property: Id(5)] ImmutableArray<string> Excluded = default);
