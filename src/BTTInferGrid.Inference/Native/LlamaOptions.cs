namespace BTTInferGrid.Inference;

/// <summary>Which llama.cpp to load.</summary>
public sealed record LlamaOptions
{
    /// <summary>Folder of the shared libraries; null searches as <see cref="NativePackage"/> describes.</summary>
    public string? LibraryFolder { get; init; }

    /// <summary>
    /// The one CPU back end to use, such as <c>haswell</c> for <c>libggml-cpu-haswell.so</c>; null takes the best one
    /// this machine can run. Two machines with the same back end compute bit-equal results for a single sequence.
    /// </summary>
    public string? CpuBackend { get; init; }
}
