using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference.Native;

/// <summary>
/// The shared libraries in one folder, loaded by absolute path and handed to <see cref="NativeMethods"/>.
/// </summary>
internal static class LibraryFiles
{
    private static readonly ConcurrentDictionary<string, nint> Loaded = new();

    private static readonly string Prefix = OperatingSystem.IsWindows() ? "" : "lib";

    private static readonly string Extension =
        OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";

    static LibraryFiles() => NativeLibrary.SetDllImportResolver(
        typeof(LibraryFiles).Assembly,
        (name, _, _) => Loaded.TryGetValue(name, out var handle)
            ? handle
            : throw new LlamaLibraryException($"'{name}' is not loaded; call LlamaLibrary.Load first."));

    /// <summary>
    /// Loads one library for the rest of the process, unversioned (<c>libx.so</c>) or not (<c>libx.v1.so</c>).
    /// </summary>
    public static void Load(string folder, string name)
    {
        var plain = PathOf(folder, name);
        var path = File.Exists(plain)
            ? plain
            : Directory.EnumerateFiles(folder, $"{Prefix}{name}.*{Extension}").Order().FirstOrDefault();
        if (path is null)
        {
            throw new LlamaLibraryException(
                $"'{folder}' has no {Prefix}{name}{Extension}; name a folder with llama.cpp's shared libraries.");
        }

        try
        {
            Loaded[name] = NativeLibrary.Load(path);
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
        {
            throw new LlamaLibraryException($"'{path}' could not be loaded: {cause.Message}", cause);
        }
    }

    /// <summary>Where an unversioned library of that name lies.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, Prefix + name + Extension);

    /// <summary>The CPU back ends in the folder: variant name and file.</summary>
    public static SortedDictionary<string, string> CpuBackends(string folder)
    {
        var start = $"{Prefix}ggml-cpu-";
        var backends = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, $"{start}*{Extension}"))
        {
            backends[Path.GetFileNameWithoutExtension(path)[start.Length..]] = path;
        }

        var single = Path.Combine(folder, $"{Prefix}ggml-cpu{Extension}");
        if (backends.Count == 0 && File.Exists(single))
        {
            backends["cpu"] = single;
        }

        return backends;
    }

    /// <summary>How well a back end suits this machine; 0 means that it cannot run here.</summary>
    public static unsafe int Score(string backendPath)
    {
        if (!NativeLibrary.TryLoad(backendPath, out var handle))
        {
            return 0;
        }

        try
        {
            // A library without a score is the only build for its platform, so it fits.
            return NativeLibrary.TryGetExport(handle, "ggml_backend_score", out var score)
                ? ((delegate* unmanaged[Cdecl]<int>)score)()
                : 1;
        }
        finally
        {
            NativeLibrary.Free(handle);
        }
    }
}
