using System.Collections.Immutable;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Completions;

/// <summary>What requests for a chat completion and for a text completion have in common, checked.</summary>
internal sealed record CompletionOptions
{
    public required string Model { get; init; }

    public required SamplingOptions Sampling { get; init; }

    public required ImmutableArray<string> Stop { get; init; }

    /// <summary>Most tokens to generate; null when the client left it to <see cref="DefaultMaxTokens"/>.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Most tokens when the client names no number, as far as the context has room; null for the model's default.</summary>
    public int? DefaultMaxTokens { get; init; }

    /// <summary>How many answers to each prompt.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>A grammar that the answer must match; null for none.</summary>
    public string? Grammar { get; init; }

    public long? Seed { get; init; }

    /// <summary>How many likely tokens to tell of beside each token's own log-probability; null tells of no log-probability.</summary>
    public int? TopLogProbs { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether a stream ends with a chunk that carries the token counts.</summary>
    public bool IncludeUsage { get; init; }
}
