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

    /// <summary>
    /// Which GPU back end to use beside the CPU's. Default <see cref="GpuBackend.Auto"/>: one whose package is
    /// installed and that finds a device, or none.
    /// </summary>
    public GpuBackend Gpu { get; init; }

    /// <summary>
    /// Folder of the GPU back end's library; null searches as <see cref="NativePackage"/> describes. With
    /// <see cref="GpuBackend.Auto"/>, a folder without one means that none is used.
    /// </summary>
    public string? GpuFolder { get; init; }
}
