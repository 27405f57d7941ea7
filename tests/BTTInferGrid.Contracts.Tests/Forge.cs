using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace BTTInferGrid.Contracts.Tests;

/// <summary>Runs forge in contracts/.</summary>
internal static class Forge
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static string Folder { get; } = typeof(Forge).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "ContractsFolder").Value!;

    private static string Program => Path.Combine(
        Folder, "node_modules", "@foundry-rs",
        $"forge-linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}", "bin", "forge");

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets.</param>
    /// <returns>Its exit code, and all that it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var limit = new CancellationTokenSource(Patience);
        using var forge = Process.Start(start)!;
        try
        {
            var output = await Task.WhenAll(
                forge.StandardOutput.ReadToEndAsync(limit.Token), forge.StandardError.ReadToEndAsync(limit.Token));
            await forge.WaitForExitAsync(limit.Token);
            return (forge.ExitCode, string.Concat(output));
        }
        finally
        {
            forge.Kill(entireProcessTree: true);
        }
    }
}
