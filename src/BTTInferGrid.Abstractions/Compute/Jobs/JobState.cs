namespace BTTInferGrid.Compute;

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
