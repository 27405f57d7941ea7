using System.Runtime.InteropServices;

namespace BTTInferGrid.Chain.Anvil;

/// <summary>Finds the program of Anvil, which ships as an npm package.</summary>
/// <remarks>
/// Looked for in this order: the path the caller names, the environment variable <see cref="Variable"/>,
/// <c>native/anvil/anvil</c> next to the application, and <c>contracts/node_modules</c> of the application's folder or
/// one above it. A path that is named and wrong is an error; the search does not go on behind the caller's back.
/// </remarks>
public static class AnvilProgram
{
    /// <summary>The environment variable that may name the program.</summary>
    public const string Variable = "BTTGRID_ANVIL";

    private static string Package =>
        $"@foundry-rs/anvil-linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}";

    /// <summary>Finds the program.</summary>
    /// <param name="path">The program, when the caller knows it.</param>
    /// <param name="baseDirectory">
    /// Where the application lies; null means <see cref="AppContext.BaseDirectory"/>.
    /// </param>
    /// <returns>The absolute path of a file.</returns>
    /// <exception cref="AnvilMissingException">It is in none of the places, or this system is not Linux.</exception>
    public static string Find(string? path = null, string? baseDirectory = null)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new AnvilMissingException(
                "A local chain runs on Linux only. Use the RPC address of a node elsewhere instead.");
        }

        var named = string.IsNullOrEmpty(path) ? Environment.GetEnvironmentVariable(Variable) : path;
        string[] candidates = string.IsNullOrEmpty(named) ? [.. Candidates(baseDirectory)] : [Path.GetFullPath(named)];
        return Array.Find(candidates, File.Exists) ?? throw new AnvilMissingException(
            $"No Anvil of the npm package {Package} at:{Environment.NewLine}  "
            + string.Join(Environment.NewLine + "  ", candidates) + Environment.NewLine
            + "Run 'npm ci --ignore-scripts --prefix contracts' at the root of the repository, copy the program to "
            + $"native/anvil next to the application, or name it in {Variable}.");
    }

    private static IEnumerable<string> Candidates(string? baseDirectory)
    {
        var start = Path.GetFullPath(baseDirectory ?? AppContext.BaseDirectory);
        yield return Path.Combine(start, "native", "anvil", "anvil");
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(
                [folder.FullName, "contracts", "node_modules", .. Package.Split('/'), "bin", "anvil"]);
        }
    }
}
