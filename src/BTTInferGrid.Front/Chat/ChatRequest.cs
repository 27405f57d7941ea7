using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary>A chat completion request, checked; the prompt is not yet tokens.</summary>
internal sealed record ChatRequest
{
    public required string Model { get; init; }

    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    public required SamplingOptions Sampling { get; init; }

    public required ImmutableArray<string> Stop { get; init; }

    /// <summary>Most tokens to generate; null when the client left it to the model's default.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>A grammar that the answer must match; null for none.</summary>
    public string? Grammar { get; init; }

    public long? Seed { get; init; }

    public bool Stream { get; init; }

    /// <summary>Whether a stream ends with a chunk that carries the token counts.</summary>
    public bool IncludeUsage { get; init; }
}
