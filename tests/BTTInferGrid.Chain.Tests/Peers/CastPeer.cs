using System.Diagnostics;
using System.Globalization;
using BTTInferGrid.Chain.Anvil;

namespace BTTInferGrid.Chain.Tests.Peers;

/// <summary>Foundry's <c>cast</c>, which is installed beside Anvil; a process for each question.</summary>
internal static class CastPeer
{
    private static readonly string Program = AnvilProgram.Find().Replace("anvil", "cast", StringComparison.Ordinal);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>How many cases a test asks about: <c>BTTGRID_CAST_CASES</c>, for a run that takes its time, or else as many.</summary>
    public static int Cases(int usual) => Environment.GetEnvironmentVariable("BTTGRID_CAST_CASES") is { Length: > 0 } wanted
        ? int.Parse(wanted, CultureInfo.InvariantCulture)
        : usual;

    public static async Task<string> AskAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var cast = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var output = await Task.WhenAll(
                cast.StandardOutput.ReadToEndAsync(limit.Token), cast.StandardError.ReadToEndAsync(limit.Token));
            await cast.WaitForExitAsync(limit.Token);

            Assert.True(cast.ExitCode == 0, string.Concat(output));
            return output[0].Trim();
        }
        finally
        {
            cast.Kill(entireProcessTree: true);
        }
    }
}
