namespace BTTInferGrid.Compute;

/// <summary>One step of a job.</summary>
[GenerateSerializer, Immutable, Alias("grid.job-event")]
public abstract record JobEvent;

/// <summary>The job has a miner.</summary>
/// <param name="MinerId">Id of the miner.</param>
[GenerateSerializer, Immutable, Alias("grid.job-placed")]
public sealed record JobPlaced([property: Id(0)] string MinerId) : JobEvent;

/// <summary>Tokens of the answer, checked against the request.</summary>
/// <param name="Tokens">One or more token ids, in order.</param>
[GenerateSerializer, Immutable, Alias("grid.job-tokens")]
public sealed record JobTokens([property: Id(0)] ImmutableArray<int> Tokens) : JobEvent;

/// <summary>The end of the job.</summary>
/// <param name="StopReason">Why the answer ended.</param>
/// <param name="Usage">Counts, checked by the job, and the engine's times.</param>
[GenerateSerializer, Immutable, Alias("grid.job-result")]
public sealed record JobResult(
    [property: Id(0)] StopReason StopReason,
    [property: Id(1)] GenerationUsage Usage) : JobEvent;
