namespace BTTInferGrid.Inference;

/// <summary>A back end that computes on a GPU.</summary>
public enum GpuBackend
{
    /// <summary>The first of CUDA and Vulkan that is installed and finds a device; otherwise none.</summary>
    Auto = 0,

    /// <summary>None: everything is computed by the CPU back end.</summary>
    None = 1,

    /// <summary>CUDA, for NVIDIA's devices; needs its driver and the CUDA 12 or 13 runtime with cuBLAS.</summary>
    Cuda = 2,

    /// <summary>Vulkan, for most devices; needs a driver with Vulkan.</summary>
    Vulkan = 3,
}
