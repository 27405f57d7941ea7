using System.Diagnostics;
using System.Reflection;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>Widespread JavaScript clients, as npm has them, against the real executable. Their tests are in tests/clients.</summary>
public sealed class JavaScriptClientTests(RunningGrid grid) : IClassFixture<RunningGrid>
{
    private static readonly string Folder = typeof(JavaScriptClientTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "TestClientsFolder").Value!;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("openai.test.mjs", 10)]
    [InlineData("vercel.test.mjs", 6)]
    [InlineData("langchain.test.mjs", 5)]
    public async Task Client_AgainstTheGrid_PassesItsTests(string file, int tests)
    {
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=tap", file])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BTTGRID_TEST_URL"] = new Uri(grid.Process.Url, "v1").ToString();
        start.Environment["BTTGRID_TEST_KEY"] = grid.Process.Key;
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var output = await Task.WhenAll(
                node.StandardOutput.ReadToEndAsync(limit.Token), node.StandardError.ReadToEndAsync(limit.Token));
            await node.WaitForExitAsync(limit.Token);

            Assert.True(node.ExitCode == 0, string.Concat(output));
            Assert.Contains($"# pass {tests}\n", output[0]);
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }
    }
}
