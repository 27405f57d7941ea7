using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BTTInferGrid.Testing;

/// <summary>A .NET program in a process of its own, with what it prints. It is gone when this is disposed of.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ProcessText _output = new();
    private readonly ProcessText _log = new();
    private readonly Process _process;

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets; null takes one away that this process has.</param>
    /// <param name="input">What it reads from standard input; null leaves it that of this process.</param>
    public ChildProcess(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Take(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (input is not null)
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to standard output.</summary>
    public string Output => _output.ToString();

    /// <summary>What it wrote to standard error.</summary>
    public string Log => _log.ToString();

    /// <summary>Waits until a line of the output has the text.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or a minute went by, without it.</exception>
    public Task WaitForOutputAsync(string text)
    {
        return WaitForAsync(_output, text);
    }

    /// <summary>Waits until a line of the log has the text.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or a minute went by, without it.</exception>
    public Task WaitForLogAsync(string text)
    {
        return WaitForAsync(_log, text);
    }

    /// <summary>Waits for the end and returns the exit code; 128 and the signal if one ended it.</summary>
    /// <exception cref="InvalidOperationException">It did not end within a minute.</exception>
    public async Task<int> WaitForExitAsync()
    {
        await InTimeAsync(_process.WaitForExitAsync(), "end");
        return _process.ExitCode;
    }

    /// <summary>Sends a signal.</summary>
    public void Send(ProcessSignal signal)
    {
        Send(_process.Id, signal);
    }

    /// <summary>Sends a signal to any process.</summary>
    /// <exception cref="Win32Exception">There is no such process.</exception>
    public static void Send(int pid, ProcessSignal signal)
    {
        if (Kill(pid, (int)signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Process {pid} did not get {signal}.");
        }
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

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    private async Task WaitForAsync(ProcessText text, string part)
    {
        var seen = text.ContainsAsync(part);
        await InTimeAsync(seen, $"say '{part}'");
        if (!await seen)
        {
            throw new InvalidOperationException($"The process ended and did not say '{part}'. Its log:\n{Log}");
        }
    }

    private async Task InTimeAsync(Task step, string name)
    {
        try
        {
            await step.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException(
                $"The process did not {name} within {Patience.TotalSeconds} s. Its log:\n{Log}");
        }
    }
}
