using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Inference.Native;

/// <summary>Loads a GPU back end beside llama.cpp, when there is one that works.</summary>
/// <remarks>
/// Its library is built against the same ggml as the main package's and finds that one loaded already. A package whose
/// driver, runtime or device is missing is passed over with a line in the log that says why.
/// </remarks>
internal static partial class GpuLoader
{
    private static readonly (GpuBackend Backend, string Name, NativePackage Package)[] Known =
    [
        (GpuBackend.Cuda, "ggml-cuda", NativePackage.Gpu("cuda")),
        (GpuBackend.Cuda, "ggml-cuda", NativePackage.Gpu("cuda", "-ext", "/fallback")),
        (GpuBackend.Vulkan, "ggml-vulkan", NativePackage.Gpu("vulkan")),
    ];

    /// <returns>The back end in use; <see cref="GpuBackend.None"/> when there is none.</returns>
    /// <exception cref="LlamaLibraryException">One was named, and does not work here.</exception>
    /// <exception cref="NativePackageNotFoundException">One was named, and its package is not installed.</exception>
    public static GpuBackend Load(GpuBackend wanted, string? folder, ILogger logger)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        NativePackageNotFoundException? absent = null;
        foreach (var (backend, name, package) in Known.Where(k => wanted is GpuBackend.Auto || k.Backend == wanted))
        {
            if (!TryFind(package, folder, ref absent, out var found)
                || reasons.ContainsKey(LibraryFiles.PathOf(found, name)))
            {
                continue;
            }

            if (TryLoad(found, name) is not { } reason)
            {
                LogUsed(logger, backend, found);
                return backend;
            }

            LogPassedOver(logger, backend, found, reason);
            reasons.Add(LibraryFiles.PathOf(found, name), reason);
        }

        if (wanted is GpuBackend.Auto or GpuBackend.None)
        {
            return GpuBackend.None;
        }

        throw reasons.Count == 0 && absent is not null
            ? absent
            : new LlamaLibraryException(
                $"The GPU back end {wanted} does not work here. Install its driver and runtime, or choose "
                + $"{GpuBackend.Auto}, which falls back to the CPU. Tried "
                + string.Join("; ", reasons.Select(tried => $"{tried.Key}: {tried.Value}")));
    }

    private static bool TryFind(
        NativePackage package, string? folder, ref NativePackageNotFoundException? absent, out string found)
    {
        try
        {
            found = package.Find(folder);
            return true;
        }
        catch (NativePackageNotFoundException cause)
        {
            absent ??= cause;
            found = "";
            return false;
        }
    }

    /// <returns>Why it does not work; null when it does.</returns>
    private static string? TryLoad(string folder, string name)
    {
        var path = LibraryFiles.PathOf(folder, name);
        try
        {
            // ggml would only say that it failed; this names the library that is missing.
            NativeLibrary.Load(path);
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
        {
            return cause.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1];
        }

        LlamaLog.TakeLastError();
        var registration = NativeMethods.BackendLoad(path);
        if (registration == 0)
        {
            return LlamaLog.TakeLastError() ?? "it did not start";
        }

        if (NativeMethods.BackendDevices(registration) > 0)
        {
            return null;
        }

        NativeMethods.BackendUnload(registration);
        return LlamaLog.TakeLastError() ?? "it found no device";
    }

    [LoggerMessage(EventId = 3, EventName = "GpuUsed", Level = LogLevel.Information,
        Message = "GPU back end {Backend} from {Folder}")]
    private static partial void LogUsed(ILogger logger, GpuBackend backend, string folder);

    [LoggerMessage(EventId = 4, EventName = "GpuPassedOver", Level = LogLevel.Warning,
        Message = "GPU back end {Backend} from {Folder} is not used: {Reason}")]
    private static partial void LogPassedOver(ILogger logger, GpuBackend backend, string folder, string reason);
}
