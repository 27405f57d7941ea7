using BTTInferGrid.Inference;

namespace BTTInferGrid.Silo.Bench;

/// <summary>The conversations that are measured: short, and one unlike the next.</summary>
internal static class BenchPrompts
{
    private static readonly string[] Names = ["Tom", "Anna", "Ben", "Lily", "Max", "Sara", "Leo", "Mia"];

    public static ChatMessage[] Messages(int number) =>
    [
        new("system", "You are a helpful assistant."),
        new("user", $"Tell me a story about {Names[number % Names.Length]}."),
    ];
}
