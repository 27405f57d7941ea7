using BTTInferGrid.Inference;

namespace BTTInferGrid.Front;

/// <summary>What the front serves.</summary>
public sealed class FrontOptions
{
    /// <summary>The models that clients may name. At least one.</summary>
    public IList<CatalogueModel> Models { get; } = [];

    /// <summary>
    /// Largest request body, in bytes. 1 MiB holds more text than any context here, and bounds what a client can make the
    /// front keep in memory.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 1 << 20;
}
