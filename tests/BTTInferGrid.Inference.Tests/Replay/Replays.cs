using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Inference.Tests.Replay;

/// <summary>What the tests of replays share.</summary>
internal static class Replays
{
    public static string[] Questions { get; } =
        ["Tell me a short story.", "What is a miner?", "Who are you?", "What is the capital of Japan?"];

    public static CommitmentScope Scope { get; } = new("profile", "job", "epoch");

    public static Replayer Load(ReplayOptions? options = null) => Replayer.Load(
        TinyModel.Library,
        TinyModel.ModelPath,
        options ?? new ReplayOptions { Threads = 1, ContextTokens = 2048 },
        NullLogger<Replayer>.Instance);

    public static ReplayRequest Of(EngineRequest request, Answer answer) => new()
    {
        Prompt = request.Prompt,
        Output = answer.Tokens.ToArray(),
        Sampling = request.Sampling,
        Scope = Scope,
    };
}
