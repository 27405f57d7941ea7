namespace BTTInferGrid.Inference;

/// <summary>Size and limits of one <see cref="Embedder"/>.</summary>
public sealed record EmbedderOptions
{
    /// <summary>
    /// Tokens computed at a time, and so the longest input: 16 to 65,536. Default 2048. Inputs are never cut: models
    /// that see a text in both directions need all of it at once.
    /// </summary>
    public int BatchTokens { get; init; } = 2048;

    /// <summary>Inputs computed at a time: 1 to 256. Default 32.</summary>
    public int BatchInputs { get; init; } = 32;

    /// <summary>The most inputs of one call: 1 to 65,536. Default 2048.</summary>
    public int MaxInputs { get; init; } = 2048;

    /// <summary>How an input's vectors become one; null (the default) means as the model file says.</summary>
    public EmbeddingPooling? Pooling { get; init; }

    /// <summary>CPU threads, as <see cref="EngineOptions.Threads"/>.</summary>
    public int Threads { get; init; }

    /// <summary>Calls that may wait beside the one that is computed: 1 to 65,536. Default 64.</summary>
    public int QueueCapacity { get; init; } = 64;

    /// <summary>Checks every field.</summary>
    /// <exception cref="InvalidParameterException">A field is outside its range.</exception>
    public void Validate()
    {
        EngineOptions.Require(nameof(BatchTokens), BatchTokens, 16, 1 << 16);
        EngineOptions.Require(nameof(BatchInputs), BatchInputs, 1, EngineOptions.MostSequences);
        EngineOptions.Require(nameof(MaxInputs), MaxInputs, 1, 1 << 16);
        EngineOptions.Require(nameof(Threads), Threads, 0, 512);
        EngineOptions.Require(nameof(QueueCapacity), QueueCapacity, 1, 1 << 16);
        if (Pooling is { } pooling && !Enum.IsDefined(pooling))
        {
            throw new InvalidParameterException(nameof(Pooling), pooling, "mean, first or last");
        }
    }
}
