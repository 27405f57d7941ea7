namespace BTTInferGrid.Inference;

/// <summary>An answer to compute again.</summary>
public sealed record ReplayRequest
{
    /// <summary>The prompt as tokens of the vocabulary, at least one.</summary>
    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>The tokens that were generated, the one that ended the answer included; at least one.</summary>
    public required ReadOnlyMemory<int> Output { get; init; }

    /// <summary>How they were chosen, or are said to have been; the seed is a part of it.</summary>
    public required SamplingParameters Sampling { get; init; }

    /// <summary>What the answer's commitment belongs to; selects the projection.</summary>
    public required CommitmentScope Scope { get; init; }

    /// <summary>The grammar that the output had to match; null for none.</summary>
    public string? Grammar { get; init; }
}
