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

/// <summary>What a job is doing. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.job-state")]
public enum JobState
{
    /// <summary>A miner works on it, or is being looked for.</summary>
    Running = 0,

    /// <summary>The answer is whole.</summary>
    Completed = 1,

    /// <summary>Its reader left before the answer was whole.</summary>
    Cancelled = 2,

    /// <summary>It could not be served.</summary>
    Failed = 3,
}

/// <summary>One miner's part in a job.</summary>
/// <param name="MinerId">The miner.</param>
/// <param name="Route">Why this miner.</param>
/// <param name="Placed">When the miner was chosen.</param>
/// <param name="FirstToken">From there to its first token; null if none came.</param>
/// <param name="Ended">When its part ended; null while it works.</param>
/// <param name="OutputTokens">Tokens of the answer that are its.</param>
/// <param name="Outcome">How its part ended; null while it works.</param>
/// <param name="Reason">What went wrong; null if nothing did.</param>
[GenerateSerializer, Immutable, Alias("grid.job-attempt")]
public sealed record JobAttempt(
    [property: Id(0)] string MinerId,
    [property: Id(1)] RouteTrace Route,
    [property: Id(2)] DateTimeOffset Placed,
    [property: Id(3)] TimeSpan? FirstToken,
    [property: Id(4)] DateTimeOffset? Ended,
    [property: Id(5)] int OutputTokens,
    [property: Id(6)] AttemptOutcome? Outcome,
    [property: Id(7)] string? Reason);

/// <summary>How a miner's part in a job ended. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.attempt-outcome")]
public enum AttemptOutcome
{
    /// <summary>It brought the answer to its end.</summary>
    Completed = 0,

    /// <summary>The reader left; nobody's fault.</summary>
    Cancelled = 1,

    /// <summary>Its queue was full.</summary>
    Busy = 2,

    /// <summary>Its connection ended, or its process.</summary>
    Lost = 3,

    /// <summary>It sent nothing for longer than it ever should.</summary>
    Stalled = 4,

    /// <summary>It said that it failed, or broke the protocol.</summary>
    Failed = 5,

    /// <summary>It said that the request is impossible; whether it is, other miners show.</summary>
    Refused = 6,
}
