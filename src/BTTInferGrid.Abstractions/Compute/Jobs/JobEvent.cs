namespace BTTInferGrid.Compute;

/// <summary>One step of a job.</summary>
[GenerateSerializer, Immutable, Alias("grid.job-event")]
public abstract record JobEvent;

/// <summary>
/// The job has a miner: its first, or the one that goes on where another was lost. Tokens that follow continue the answer.
/// </summary>
/// <param name="MinerId">Id of the miner.</param>
[GenerateSerializer, Immutable, Alias("grid.job-placed")]
public sealed record JobPlaced([property: Id(0)] string MinerId) : JobEvent;

/// <summary>Tokens of the answer, checked against the request.</summary>
/// <param name="Tokens">One or more token ids, in order.</param>
/// <param name="Likelihoods">One entry per token if the job asked for log-probabilities, otherwise empty.</param>
[GenerateSerializer, Immutable, Alias("grid.job-tokens")]
public sealed record JobTokens(
    [property: Id(0)] ImmutableArray<int> Tokens,
    [property: Id(1)] ImmutableArray<TokenLikelihood> Likelihoods = default) : JobEvent;

/// <summary>The end of the job.</summary>
/// <param name="StopReason">Why the answer ended.</param>
/// <param name="Usage">Counts of the whole job, checked by it, and the engines' times.</param>
[GenerateSerializer, Immutable, Alias("grid.job-result")]
public sealed record JobResult(
    [property: Id(0)] StopReason StopReason,
    [property: Id(1)] GenerationUsage Usage) : JobEvent;
