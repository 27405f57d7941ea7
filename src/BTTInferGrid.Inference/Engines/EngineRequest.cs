namespace BTTInferGrid.Inference;

/// <summary>One answer to generate.</summary>
public sealed record EngineRequest
{
    /// <summary>The prompt as tokens of the engine's vocabulary, at least one. Copied before it is checked.</summary>
    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>
    /// The most tokens to generate, at least 1. The cache keeps room for all of them while the request runs, so a much
    /// larger number than needed lets fewer requests run side by side.
    /// </summary>
    public required int MaxTokens { get; init; }

    /// <summary>How tokens are chosen; the default is the model's own distribution with seed 0.</summary>
    public SamplingParameters Sampling { get; init; } = new();

    /// <summary>
    /// Strings that end the answer, at most <see cref="TokenText.MaxStops"/>, each of 1 to
    /// <see cref="TokenText.MaxStopLength"/> characters.
    /// </summary>
    public IReadOnlyList<string> Stop { get; init; } = [];
}
