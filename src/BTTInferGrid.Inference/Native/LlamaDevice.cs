using System.Runtime.InteropServices;
using BTTInferGrid.Inference.Native;

namespace BTTInferGrid.Inference;

/// <summary>Something llama.cpp can compute on.</summary>
/// <param name="Name">Its name, such as <c>CUDA0</c> or <c>CPU</c>.</param>
/// <param name="Description">What it is, such as the model of the card.</param>
/// <param name="IsGpu">Whether it is a GPU, with memory of its own or sharing the processor's.</param>
/// <param name="MemoryBytes">Its memory; 0 when it does not say.</param>
/// <param name="FreeBytes">What of that was free when it was asked.</param>
public sealed record LlamaDevice(string Name, string Description, bool IsGpu, long MemoryBytes, long FreeBytes)
{
    private const int Gpu = 1;
    private const int IntegratedGpu = 2;

    /// <summary>Where llama.cpp keeps the devices of the loaded back ends, which never move.</summary>
    internal static nint[] Pointers()
    {
        var pointers = new nint[(int)NativeMethods.DeviceCount()];
        for (var i = 0; i < pointers.Length; i++)
        {
            pointers[i] = NativeMethods.Device((nuint)i);
        }

        return pointers;
    }

    /// <summary>What is there now.</summary>
    internal static unsafe LlamaDevice Read(nint pointer)
    {
        nuint free = 0, total = 0;
        NativeMethods.DeviceMemory(pointer, &free, &total);
        return new LlamaDevice(
            Marshal.PtrToStringUTF8((nint)NativeMethods.DeviceName(pointer)) ?? "",
            Marshal.PtrToStringUTF8((nint)NativeMethods.DeviceDescription(pointer)) ?? "",
            NativeMethods.DeviceType(pointer) is Gpu or IntegratedGpu,
            (long)total,
            (long)free);
    }
}
