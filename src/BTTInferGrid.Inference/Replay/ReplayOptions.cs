namespace BTTInferGrid.Inference;

/// <summary>Size and limits of one <see cref="Replayer"/>.</summary>
public sealed record ReplayOptions
{
    private const int MostLogits = 16 << 20;

    /// <summary>
    /// The most tokens, prompt and output together, of one replay: 256 to 16,777,216, rounded up to a multiple of 256.
    /// Default 4096.
    /// </summary>
    public int ContextTokens { get; init; } = 4096;

    /// <summary>
    /// Tokens computed at a time: 1 to 4096 and <see cref="ContextTokens"/>. All their logits are in memory together,
    /// 4 bytes for each token of the vocabulary. 0 (the default) takes 256, or less for a large vocabulary, so that they
    /// stay below 64 MiB.
    /// </summary>
    public int BatchTokens { get; init; }

    /// <summary>CPU threads, as <see cref="EngineOptions.Threads"/>.</summary>
    public int Threads { get; init; }

    /// <summary>Replays that may wait beside the one that runs: 1 to 65,536. Default 16.</summary>
    public int QueueCapacity { get; init; } = 16;

    /// <summary>Checks every field.</summary>
    /// <exception cref="InvalidParameterException">A field is outside its range.</exception>
    public void Validate()
    {
        EngineOptions.Require(nameof(ContextTokens), ContextTokens, 256, 1 << 24);
        EngineOptions.Require(nameof(BatchTokens), BatchTokens, 0, Math.Min(4096, ContextTokens));
        EngineOptions.Require(nameof(Threads), Threads, 0, 512);
        EngineOptions.Require(nameof(QueueCapacity), QueueCapacity, 1, 1 << 16);
    }

    internal int EffectiveBatch(int vocabularySize) => BatchTokens > 0
        ? BatchTokens
        : Math.Min(ContextTokens, Math.Clamp(MostLogits / vocabularySize, 16, 256));
}
