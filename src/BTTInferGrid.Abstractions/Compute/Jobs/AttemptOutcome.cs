namespace BTTInferGrid.Compute;

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
