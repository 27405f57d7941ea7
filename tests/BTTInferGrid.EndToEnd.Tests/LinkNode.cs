using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using BTTInferGrid.Inference;
using BTTInferGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>tests/clients/link-node.mjs in a process of its own: a node that shares no code with the grid.</summary>
internal sealed class LinkNode : IAsyncDisposable
{
    private static readonly string Folder = typeof(LinkNode).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "TestClientsFolder").Value!;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource<string> _identity = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LinkNode(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The node's identity, once the grid has accepted its proof.</summary>
    public Task<string> IdentityAsync() => _identity.Task.WaitAsync(Patience);

    /// <summary>Starts a node of the tiny model that answers everything with one text.</summary>
    /// <param name="grid">The front that it dials.</param>
    /// <param name="text">The text.</param>
    /// <param name="interval">Time between two tokens of an answer.</param>
    public static async Task<LinkNode> StartAsync(Uri grid, string text, TimeSpan? interval = null)
    {
        var library = LlamaLibrary.Load(new LlamaOptions(), NullLogger.Instance);
        using var vocabulary = Vocabulary.Load(library, TinyModel.File);
        var profile = await ModelProfile.ReadAsync(TinyModel.File);
        var end = Enumerable.Range(0, vocabulary.Size).First(vocabulary.IsEndOfGeneration);
        return new LinkNode(new ProcessStartInfo("node",
        [
            "link-node.mjs", "--grid", grid.Authority, "--model", TinyModel.Id, "--profile", profile.Id,
            "--answer", string.Join(',', vocabulary.Encode(text, parseSpecial: false)),
            "--end", end.ToString(CultureInfo.InvariantCulture),
            "--context", TinyModel.ContextTokens.ToString(CultureInfo.InvariantCulture),
            "--interval", ((int)(interval ?? TimeSpan.FromMilliseconds(2)).TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        ])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
    }

    /// <summary>Ends the process at once.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _identity.TrySetException(new InvalidOperationException("The node ended before it served."));
        }
        else if (line.StartsWith("Node ", StringComparison.Ordinal))
        {
            _identity.TrySetResult(line.Split(' ')[1]);
        }
    }
}
