using System.Runtime.InteropServices;
using BTTInferGrid.Inference.Native;
using Microsoft.Extensions.Logging;

namespace BTTInferGrid.Inference;

/// <summary>llama.cpp, loaded once for the process and checked against this binding.</summary>
public sealed partial class LlamaLibrary
{
    private static readonly Lock Gate = new();
    private static LlamaLibrary? _loaded;

    private readonly nint _cpu;
    private readonly nint[] _devices;

    private LlamaLibrary(string folder, string version, string cpuBackend, nint cpu, GpuBackend gpu)
    {
        Gpu = gpu;
        Folder = folder;
        Version = version;
        CpuBackend = cpuBackend;
        _cpu = cpu;
        _devices = LlamaDevice.Pointers();
    }

    /// <summary>The folder the libraries came from.</summary>
    public string Folder { get; }

    /// <summary>llama.cpp's release as it names itself, such as <c>0.5.0-dev</c>.</summary>
    public string Version { get; }

    /// <summary>The CPU back end in use, such as <c>zen4</c> or <c>haswell</c>.</summary>
    public string CpuBackend { get; }

    /// <summary>The GPU back end in use; <see cref="GpuBackend.None"/> when there is none.</summary>
    public GpuBackend Gpu { get; }

    /// <summary>
    /// What can be computed on, with the memory that is free now: the CPU, and GPUs when there are any.
    /// </summary>
    public IReadOnlyList<LlamaDevice> Devices => [.. _devices.Select(LlamaDevice.Read)];

    /// <summary>Loads llama.cpp, or returns what an earlier call loaded.</summary>
    /// <param name="options">Which libraries and which back ends.</param>
    /// <param name="logger">Receives llama.cpp's own log from now on, for the whole process.</param>
    /// <exception cref="NativePackageNotFoundException">
    /// No libraries found, or none of the GPU back end named.
    /// </exception>
    /// <exception cref="LlamaLibraryException">
    /// The libraries do not load, are of another release, have no CPU back end that this machine can run, the GPU back
    /// end named does not work here, or others were loaded before: a process holds one llama.cpp with one CPU back end
    /// and at most one for GPUs.
    /// </exception>
    public static LlamaLibrary Load(LlamaOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        var folder = NativePackage.Llama.Find(options.LibraryFolder);
        lock (Gate)
        {
            LlamaLog.Target = logger;
            if (_loaded is null)
            {
                _loaded = LoadFirst(folder, options, logger);
                LogLoaded(logger, _loaded.Version, _loaded.CpuBackend, _loaded.Folder);
            }
            else if (_loaded.Folder != folder || (options.CpuBackend ?? _loaded.CpuBackend) != _loaded.CpuBackend
                || (options.Gpu != GpuBackend.Auto && options.Gpu != _loaded.Gpu))
            {
                throw new LlamaLibraryException(
                    $"This process already uses '{_loaded.Folder}' with CPU back end '{_loaded.CpuBackend}' and GPU "
                    + $"back end {_loaded.Gpu}; start another process for '{folder}' with "
                    + $"'{options.CpuBackend ?? "the best one"}' and {options.Gpu}.");
            }

            return _loaded;
        }
    }

    /// <summary>
    /// Lines of llama.cpp's log that were lost because the logger threw: an exception may not enter native code.
    /// </summary>
    public static long LostLogLines => LlamaLog.Lost;

    /// <summary>A function of the CPU back end, which is not linked but loaded at run time.</summary>
    internal nint CpuFunction(string name) => NativeMethods.BackendFunction(_cpu, name) is var function and not 0
        ? function
        : throw new LlamaLibraryException($"The CPU back end '{CpuBackend}' lacks the function {name}.");

    private static LlamaLibrary LoadFirst(string folder, LlamaOptions options, ILogger logger)
    {
        LibraryFiles.Load(folder, NativeMethods.GgmlBase);
        LibraryFiles.Load(folder, NativeMethods.Ggml);
        LibraryFiles.Load(folder, NativeMethods.Llama);
        var version = CheckVersion(folder);
        LlamaLog.Attach();

        // A GPU back end that fails throws before anything is registered, so that the next call starts afresh.
        var (backend, path) = ChooseCpuBackend(folder, options.CpuBackend);
        var gpu = GpuLoader.Load(options.Gpu, options.GpuFolder, logger);
        var registration = NativeMethods.BackendLoad(path);
        if (registration == 0)
        {
            throw new LlamaLibraryException($"The CPU back end '{path}' was refused: {LlamaLog.TakeLastError()}");
        }

        // Without a back end this would search the working directory for some.
        NativeMethods.BackendInit();
        return new LlamaLibrary(folder, version, backend, registration, gpu);
    }

    private static unsafe string CheckVersion(string folder)
    {
        try
        {
            var version = Marshal.PtrToStringUTF8((nint)NativeMethods.Version()) ?? "unknown";
            LayoutCheck.Run(folder, version);
            return version;
        }
        catch (EntryPointNotFoundException cause)
        {
            throw new LlamaLibraryException(
                $"The libraries in '{folder}' are not llama.cpp {LayoutCheck.Version}: {cause.Message}", cause);
        }
    }

    internal static (string Name, string Path) ChooseCpuBackend(string folder, string? wanted)
    {
        var backends = LibraryFiles.CpuBackends(folder);
        if (wanted is not null)
        {
            if (!backends.TryGetValue(wanted, out var path))
            {
                throw new LlamaLibraryException(
                    $"'{folder}' has no CPU back end '{wanted}'; it has {string.Join(", ", backends.Keys)}.");
            }

            return LibraryFiles.Score(path) > 0
                ? (wanted, path)
                : throw new LlamaLibraryException(
                    $"This machine lacks instructions of the CPU back end '{wanted}'; name none to take the best.");
        }

        var best = backends.Select(b => (b.Key, b.Value, Score: LibraryFiles.Score(b.Value))).MaxBy(b => b.Score);
        return best.Score > 0
            ? (best.Key, best.Value)
            : throw new LlamaLibraryException($"'{folder}' has no CPU back end that this machine can run.");
    }

    [LoggerMessage(EventId = 2, EventName = "LlamaLoaded", Level = LogLevel.Information,
        Message = "llama.cpp {Version} with CPU back end {Backend} from {Folder}")]
    private static partial void LogLoaded(ILogger logger, string version, string backend, string folder);
}
