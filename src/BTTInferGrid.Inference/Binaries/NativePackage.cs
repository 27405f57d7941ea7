using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference;

/// <summary>Native binaries that ship as an npm package, and where to look for them.</summary>
/// <remarks>
/// Looked for in this order: the path the caller names, the environment variable, a folder next to the application, and
/// <c>node_modules</c> of the application's folder or one above it, or of <see cref="Prefix"/> below one of those. A
/// path that is named and wrong is an error; the search does not go on behind the caller's back.
/// </remarks>
/// <param name="Name">The npm package, such as <c>@scope/name</c>.</param>
/// <param name="Folder">The folder of the binaries inside the package, with forward slashes.</param>
/// <param name="EnvironmentVariable">The variable that may name the folder.</param>
/// <param name="AppFolder">The folder relative to the application, with forward slashes.</param>
/// <param name="Marker">A file name pattern; a folder without such a file is not the one.</param>
public sealed record NativePackage(
    string Name,
    string Folder,
    string EnvironmentVariable,
    string AppFolder,
    string Marker)
{
    /// <summary>llama.cpp's shared libraries for this machine.</summary>
    public static NativePackage Llama { get; } = new(
        $"@node-llama-cpp/{Platform}",
        $"bins/{Platform}",
        "BTTGRID_LLAMA_FOLDER",
        "native/llama",
        OperatingSystem.IsWindows() ? "llama*.dll" : "libllama.*");

    /// <summary>
    /// The folder below the root of a checkout in which npm installs the package, with forward slashes; empty for the
    /// root itself.
    /// </summary>
    public string Prefix { get; init; } = "";

    private static string Platform =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "mac" : "linux")
        + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "-arm64" : "-x64")
        + (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "-metal" : "");

    /// <summary>
    /// A GPU back end for <see cref="Llama"/>. Not in the default install: the packages take hundreds of megabytes.
    /// </summary>
    /// <param name="name">The back end as its package and its file name it, such as <c>cuda</c>.</param>
    /// <param name="extension">What the package's name has after that, such as <c>-ext</c>.</param>
    /// <param name="subfolder">The folder of the binaries below the usual one.</param>
    internal static NativePackage Gpu(string name, string extension = "", string subfolder = "") => new(
        $"@node-llama-cpp/{Platform}-{name}{extension}",
        $"bins/{Platform}-{name}{subfolder}",
        $"BTTGRID_{name.ToUpperInvariant()}_FOLDER",
        $"native/{name}{subfolder}",
        OperatingSystem.IsWindows() ? $"ggml-{name}.dll" : $"libggml-{name}.*")
    {
        Prefix = "native/gpu",
    };

    /// <summary>Finds the folder of the binaries.</summary>
    /// <param name="path">The folder, when the caller knows it.</param>
    /// <param name="baseDirectory">
    /// Where the application lies; null means <see cref="AppContext.BaseDirectory"/>.
    /// </param>
    /// <returns>The absolute path of a folder that holds the marker file.</returns>
    /// <exception cref="NativePackageNotFoundException">
    /// No such folder, or the one named lacks the binaries.
    /// </exception>
    public string Find(string? path = null, string? baseDirectory = null)
    {
        var named = string.IsNullOrEmpty(path) ? Environment.GetEnvironmentVariable(EnvironmentVariable) : path;
        var searched = new List<string>();
        foreach (var folder in string.IsNullOrEmpty(named) ? Candidates(baseDirectory) : [Path.GetFullPath(named)])
        {
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, Marker).Any())
            {
                return folder;
            }

            searched.Add(folder);
        }

        throw new NativePackageNotFoundException(this, searched);
    }

    private IEnumerable<string> Candidates(string? baseDirectory)
    {
        var start = Path.GetFullPath(baseDirectory ?? AppContext.BaseDirectory);
        yield return Path.Combine([start, .. AppFolder.Split('/')]);
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var root = Prefix.Length == 0 ? folder.FullName : Path.Combine([folder.FullName, .. Prefix.Split('/')]);
            yield return Path.Combine([root, "node_modules", .. Name.Split('/'), .. Folder.Split('/')]);
        }
    }
}
