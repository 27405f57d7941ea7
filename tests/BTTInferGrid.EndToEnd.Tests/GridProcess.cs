using System.Text.RegularExpressions;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The real executable in a process of its own, started as a user starts it.</summary>
public sealed class GridProcess : IAsyncDisposable
{
    private static readonly Dictionary<string, string?> NoSettings = Environment.GetEnvironmentVariables().Keys
        .Cast<string>().Where(static name => name.StartsWith("BTTGRID_", StringComparison.Ordinal)
            || name.StartsWith("OTEL_", StringComparison.Ordinal))
        .ToDictionary(static name => name, static _ => (string?)null);

    private readonly ChildProcess _process;

    private GridProcess(
        IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>>? environment = null, string? input = null) =>
        _process = new ChildProcess(
            Path.Combine(AppContext.BaseDirectory, "bttgrid.dll"),
            arguments,
            new Dictionary<string, string?>([.. NoSettings, .. environment ?? []]),
            input);

    public string Output => _process.Output;

    public string Log => _process.Log;

    public bool HasExited => _process.HasExited;

    public Uri Url => new(Match(@"(?:is ready|listens) on (http\S+?)\.?\s"));

    public string Key => Match(@"API key\s+(sk-btt-\w+)");

    /// <summary>Starts a grid, or another command that listens, and waits until it says that it is ready.</summary>
    public static async Task<GridProcess> StartAsync(
        string home,
        IEnumerable<KeyValuePair<string, string?>>? environment = null,
        string command = "up",
        params string[] more)
    {
        var grid = new GridProcess([command, "--port", "0", "--home", home, .. more], environment);
        try
        {
            await grid._process.WaitForOutputAsync("Ctrl-C stops");
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the executable to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Log)> RunAsync(params string[] arguments)
    {
        await using var grid = new GridProcess(arguments);
        var exitCode = await grid._process.WaitForExitAsync();
        return (exitCode, grid.Output, grid.Log);
    }

    /// <summary>Runs the executable to its end, with something to read.</summary>
    public static async Task<(int ExitCode, string Output, string Log)> RunWithInputAsync(string input, params string[] arguments)
    {
        await using var grid = new GridProcess(arguments, input: input);
        var exitCode = await grid._process.WaitForExitAsync();
        return (exitCode, grid.Output, grid.Log);
    }

    /// <summary>Starts a command that does not end by itself.</summary>
    public static GridProcess Begin(params string[] arguments) => new(arguments);

    /// <summary>Starts a command that does not end by itself, with variables of its own.</summary>
    public static GridProcess Begin(IEnumerable<KeyValuePair<string, string?>> environment, params string[] arguments) =>
        new(arguments, environment);

    /// <summary>Waits until the output holds the text.</summary>
    public Task WaitForOutputAsync(string text) => _process.WaitForOutputAsync(text);

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

    /// <summary>Sends it a signal.</summary>
    public void Send(ProcessSignal signal) => _process.Send(signal);

    /// <summary>Waits for its end and returns the exit code.</summary>
    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private string Match(string pattern) => Regex.Match(Output, pattern).Groups[1].Value;
}
