namespace BTTInferGrid.Inference;

/// <summary>A model that a grid serves, as its operator describes it.</summary>
/// <param name="Id">Name that clients use.</param>
/// <param name="File">GGUF file. Hosts that compute nothing read only its vocabulary and chat template.</param>
/// <param name="ContextTokens">Most tokens, prompt and answer together, of one request.</param>
/// <param name="DefaultMaxTokens">Length limit of an answer when the client names none.</param>
/// <param name="Probe">What a miner of it is asked before it gets jobs; null asks only that it answers.</param>
/// <param name="Sha256">SHA-256 that the file must have; null for any.</param>
public sealed record CatalogueModel(
    string Id, string File, int ContextTokens, int DefaultMaxTokens, ProbeQuestion? Probe = null, string? Sha256 = null);
