using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>The real executable in a process of its own, started as a user starts it.</summary>
public sealed partial class GridProcess : IAsyncDisposable
{
    private const int Sigint = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private GridProcess(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("BTTGRID_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "bttgrid.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_log, line.Data);
        _process.Exited += (_, _) => _ready.TrySetResult();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => Text(_output);

    public string Log => Text(_log);

    public Uri Url => new(Match(@"is ready on (http\S+)"));

    public string Key => Match(@"API key\s+(sk-btt-\w+)");

    public int Id => _process.Id;

    /// <summary>Starts a grid and waits until it says that it is ready.</summary>
    public static async Task<GridProcess> StartAsync(string home)
    {
        var grid = new GridProcess(["--port", "0", "--home", home]);
        try
        {
            await grid.InTimeAsync(grid._ready.Task, "get ready");
            Assert.True(grid.Output.Contains("is ready on"), $"The grid ended instead of getting ready:\n{grid.Log}");
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
        await grid.InTimeAsync(grid._process.WaitForExitAsync(), "end");
        return (grid._process.ExitCode, grid.Output, grid.Log);
    }

    /// <summary>Waits until the log holds the text.</summary>
    public async Task WaitForLogAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            if (Log.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            _awaited.Add((text, seen));
        }

        await InTimeAsync(seen.Task, $"log '{text}'");
    }

    /// <summary>Presses Ctrl-C and waits for the end.</summary>
    public async Task<int> InterruptAsync()
    {
        Assert.Equal(0, SendSignal(_process.Id, Sigint));
        await InTimeAsync(_process.WaitForExitAsync(), "end after Ctrl-C");
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task InTimeAsync(Task step, string name)
    {
        try
        {
            await step.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The grid did not {name} within {Patience.TotalSeconds} s. Its log:\n{Log}");
        }
    }

    private void Take(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_awaited)
        {
            lock (text)
            {
                text.AppendLine(line);
            }

            _awaited.RemoveAll(awaited => line.Contains(awaited.Text, StringComparison.Ordinal) && awaited.Seen.TrySetResult());
        }

        if (line.Contains("Ctrl-C stops the grid", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    private string Match(string pattern) => Regex.Match(Output, pattern).Groups[1].Value;

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
