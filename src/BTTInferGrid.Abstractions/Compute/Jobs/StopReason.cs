namespace BTTInferGrid.Compute;

/// <summary>Why an answer ended. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.stop-reason")]
public enum StopReason
{
    /// <summary>The model ended its answer.</summary>
    EndOfGeneration = 0,

    /// <summary>A stop string of the request appeared.</summary>
    StopString = 1,

    /// <summary>The request's token limit was reached.</summary>
    MaxTokens = 2,
}
