using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Grains.Mining;

/// <summary>What the miner of a process runs.</summary>
public sealed class MinerOptions
{
    /// <summary>Id of the miner, the key of its grain. An edge silo's is its identity, whatever stands here.</summary>
    public string MinerId { get; set; } = "";

    /// <summary>Id of the model that it serves.</summary>
    public string Model { get; set; } = "";

    /// <summary>The model's GGUF file.</summary>
    public string ModelFile { get; set; } = "";

    /// <summary>SHA-256 that the file must have; null for any.</summary>
    public string? ModelSha256 { get; set; }

    /// <summary>Most tokens, prompt and answer together, of one request; 0 for what the engine can.</summary>
    public int ContextTokens { get; set; }

    /// <summary>What it wants to be paid.</summary>
    public MinerAsk Ask { get; set; }

    /// <summary>Size and limits of the engine.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>How long a miner that stops waits for the jobs that it has.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
