namespace BTTInferGrid.Inference.Native;

/// <summary>Where a model's layers lie: on which GPU, and how many of them; the rest is the CPU's.</summary>
/// <param name="GpuLayers">Layers on GPUs, counted from the end; below 0 all; 0 computes on the CPU alone.</param>
/// <param name="Device">The one GPU to use; null for all.</param>
internal readonly record struct DevicePlacement(int GpuLayers, string? Device)
{
    public static DevicePlacement Default => new(-1, null);

    /// <summary>The devices for llama.cpp, ending in a zero; null leaves the choice to it.</summary>
    /// <exception cref="InvalidParameterException">There is no such GPU.</exception>
    public nint[]? Devices()
    {
        if (GpuLayers == 0)
        {
            return [0];
        }

        if (Device is not { } name)
        {
            return null;
        }

        var gpus = LlamaDevice.Pointers()
            .Select(pointer => (Pointer: pointer, Device: LlamaDevice.Read(pointer)))
            .Where(entry => entry.Device.IsGpu)
            .ToArray();
        var found = gpus.FirstOrDefault(entry => entry.Device.Name == name);
        return found.Pointer != 0
            ? [found.Pointer, 0]
            : throw new InvalidParameterException(
                nameof(Device),
                name,
                gpus.Length == 0
                    ? "left out, since no GPU is in use"
                    : $"one of {string.Join(", ", gpus.Select(entry => entry.Device.Name))}");
    }
}
