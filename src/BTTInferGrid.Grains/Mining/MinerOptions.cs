namespace BTTInferGrid.Grains.Mining;

/// <summary>What the miner of a silo runs.</summary>
public sealed class MinerOptions
{
    /// <summary>Id of the miner; the key of its grain.</summary>
    public string MinerId { get; set; } = "";

    /// <summary>Id of the model that it serves.</summary>
    public string Model { get; set; } = "";

    /// <summary>The model's GGUF file.</summary>
    public string ModelFile { get; set; } = "";

    /// <summary>Most tokens, prompt and answer together, of one request.</summary>
    public int ContextTokens { get; set; }

    /// <summary>Size of the KV cache, in tokens, that all running requests share.</summary>
    public int CacheTokens { get; set; }

    /// <summary>Most requests that are decoded together.</summary>
    public int MaxSequences { get; set; }

    /// <summary>Threads of the engine; 0 takes the number of cores less one.</summary>
    public int Threads { get; set; }
}
