using System.Text.RegularExpressions;
using Orleans.Embedded.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The real executable in a process of its own, started as a user starts it.</summary>
public sealed class GridProcess : IAsyncDisposable
{
    private static readonly Dictionary<string, string?> NoSettings = Environment.GetEnvironmentVariables().Keys
        .Cast<string>().Where(static name => name.StartsWith("BTTGRID_", StringComparison.Ordinal)
            || name.StartsWith("OTEL_", StringComparison.Ordinal))
        .ToDictionary(static name => name, static _ => (string?)null);

    private readonly ChildProcess _process;

    private GridProcess(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>>? environment = null) =>
        _process = new ChildProcess(
            Path.Combine(AppContext.BaseDirectory, "bttgrid.dll"),
            arguments,
            new Dictionary<string, string?>([.. NoSettings, .. environment ?? []]));

    public string Output => _process.Output;

    public string Log => _process.Log;

    public Uri Url => new(Match(@"(?:is ready|listens) on (http\S+?)\.?\s"));

    public string Key => Match(@"API key\s+(sk-btt-\w+)");

    /// <summary>Starts a grid, or another command that listens, and waits until it says that it is ready.</summary>
    public static async Task<GridProcess> StartAsync(
        string home, IEnumerable<KeyValuePair<string, string?>>? environment = null, string command = "up")
    {
        var grid = new GridProcess([command, "--port", "0", "--home", home], environment);
        try
        {
            await grid._process.WaitForOutputAsync("Ctrl-C stops the grid");
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a miner in a process of its own.</summary>
    public static GridProcess StartMiner(string home, Uri gateway, string config) =>
        new(["miner", "join", "--gateway", gateway.ToString(), "--home", home, "--config", config]);

    /// <summary>Runs the executable to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Log)> RunAsync(params string[] arguments)
    {
        await using var grid = new GridProcess(arguments);
        var exitCode = await grid._process.WaitForExitAsync();
        return (exitCode, grid.Output, grid.Log);
    }

    /// <summary>Waits until the log holds the text.</summary>
    public Task WaitForLogAsync(string text) => _process.WaitForLogAsync(text);

    /// <summary>Presses Ctrl-C and waits for the end.</summary>
    public Task<int> InterruptAsync()
    {
        _process.Send(ProcessSignal.Interrupt);
        return _process.WaitForExitAsync();
    }

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Send(ProcessSignal.Kill);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private string Match(string pattern) => Regex.Match(Output, pattern).Groups[1].Value;
}
