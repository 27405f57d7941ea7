using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;

namespace BTTInferGrid.Chain.Tests.Peers;

/// <summary>Asks viem, ethers and siwe-parser what they make of cases: all of them in one process.</summary>
internal static class JavaScriptPeer
{
    private static readonly string Folder = typeof(JavaScriptPeer).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "TestClientsFolder").Value!;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<IReadOnlyList<JsonNode>> AskAsync(IReadOnlyCollection<JsonObject> cases)
    {
        var answers = await RunAsync("chain.mjs", cases);
        Assert.Equal(cases.Count, answers.Count);
        return answers;
    }

    /// <summary>Runs a program of tests/clients with JSON objects as its input, one a line, and gives those that it prints.</summary>
    public static async Task<IReadOnlyList<JsonNode>> RunAsync(string program, IReadOnlyCollection<JsonObject> input)
    {
        var start = new ProcessStartInfo("node", [program])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var output = node.StandardOutput.ReadToEndAsync(limit.Token);
            var error = node.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(node.StandardInput, input);
            await node.WaitForExitAsync(limit.Token);

            Assert.True(node.ExitCode == 0, await error);
            var lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return [.. lines.Select(static line => JsonNode.Parse(line)!)];
        }
        finally
        {
            node.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(StreamWriter input, IReadOnlyCollection<JsonObject> cases)
    {
        try
        {
            foreach (var one in cases)
            {
                await input.WriteLineAsync(one.ToJsonString());
            }

            input.Close();
        }
        catch (IOException)
        {
            // It ended before it read all: its error output, which the caller shows, says why.
        }
    }
}
