namespace BTTInferGrid.Compute;

/// <summary>The story of one job: who was considered, who served it, and what became of it.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Model">Model id.</param>
/// <param name="Tenant">Whose job it is.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Started">When it began.</param>
/// <param name="Ended">When it ended; null while it runs.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer so far.</param>
/// <param name="Attempts">The miners it was placed on, in order.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
[GenerateSerializer, Immutable, Alias("grid.job-trace")]
public sealed record JobTrace(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Model,
    [property: Id(2)] string Tenant,
    [property: Id(3)] JobState State,
    [property: Id(4)] DateTimeOffset Started,
    [property: Id(5)] DateTimeOffset? Ended,
    [property: Id(6)] int PromptTokens,
    [property: Id(7)] int OutputTokens,
    [property: Id(8)] ImmutableArray<JobAttempt> Attempts,
    [property: Id(9)] string? Error);
