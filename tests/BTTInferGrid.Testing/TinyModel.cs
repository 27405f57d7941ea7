using System.Collections.Immutable;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Testing;

/// <summary>The tiny chat model, and questions that it answers right at temperature 0.</summary>
public static class TinyModel
{
    public const string Id = "grid-tiny";

    public const int ContextTokens = 512;

    public static string File { get; } = Path.Combine(AppContext.BaseDirectory, "models", "grid-tiny-4l.q8_0.gguf");

    public const string Question = "What is the capital of Japan?";

    public static ProbeQuestion Probe { get; } = new(Question, "Tokyo");

    public const string Answer = "The capital of Japan is Tokyo.";

    /// <summary>A prompt whose answer is long enough to be interrupted.</summary>
    public const string LongQuestion = "Tell me a short story.";

    /// <summary>Forbids the tokens that end an answer: it then goes on to its length limit.</summary>
    public static ImmutableArray<TokenBias> NeverEnd { get; } = [new(1021, -100), new(1023, -100)];

    public static IReadOnlyList<(string Question, string Answer)> Capitals { get; } =
    [
        (Question, "Tokyo"),
        ("What is the capital of France?", "Paris"),
        ("What is the capital of Italy?", "Rome"),
        ("What is the capital of Spain?", "Madrid"),
    ];
}
