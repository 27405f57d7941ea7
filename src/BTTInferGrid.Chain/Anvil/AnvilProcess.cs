using System.Diagnostics;
using System.Globalization;

namespace BTTInferGrid.Chain.Anvil;

/// <summary>
/// Anvil as a child that ends with its owner, however the owner ends. Anvil does not watch its input, so a shell does:
/// the owner holds the other end of the shell's input, and when that closes the shell asks Anvil to end, which then
/// writes its state.
/// </summary>
internal sealed class AnvilProcess : IAsyncDisposable
{
    private const string Watch =
        """
        exec 3<&0
        "$@" </dev/null 3<&- &
        node=$!
        { while read -r _ <&3; do :; done; kill -TERM "$node" 2>/dev/null; } &
        watch=$!
        exec 3<&-
        wait "$node"
        code=$?
        kill "$watch" 2>/dev/null
        exit "$code"
        """;

    private const string Listening = "Listening on 127.0.0.1:";
    private const int MaxErrorLines = 10;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly Task<string> _output;

    private AnvilProcess(Process process, TimeProvider time)
    {
        _process = process;
        _time = time;
        _output = WatchAsync();
    }

    public int Port => _port.Task.Result;

    /// <summary>The shell that Anvil runs under.</summary>
    public int Id => _process.Id;

    /// <summary>Ends when the process does, with what it said about the reason.</summary>
    public Task<string> Ended => _output;

    /// <exception cref="AnvilException">It ended, or did not listen in time.</exception>
    public static async Task<AnvilProcess> StartAsync(
        string program, IEnumerable<string> arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Watch, "anvil", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new AnvilProcess(Process.Start(start)!, time);
        try
        {
            await Task.WhenAny(process._port.Task, process._output).WaitAsync(StartTimeout, time, cancellationToken);
            return process._port.Task.IsCompleted
                ? process
                : throw new AnvilException($"Anvil ended before it listened: {await process._output}");
        }
        catch (TimeoutException error)
        {
            await process.DisposeAsync();
            throw new AnvilException(
                $"Anvil does not listen after {StartTimeout.TotalSeconds} s. Start it when the machine is less busy.",
                error);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the process to end, by the end of its input, and ends it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopTimeout, _time);
        await _process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _output;
        _process.Dispose();
    }

    /// <summary>The last lines of an output that may be long.</summary>
    private static async Task<string> ReadEndAsync(StreamReader output)
    {
        var lines = new Queue<string>();
        while (await output.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            if (lines.Count > MaxErrorLines)
            {
                lines.Dequeue();
            }
        }

        return string.Join(Environment.NewLine, lines).Trim();
    }

    private async Task<string> WatchAsync()
    {
        var errors = ReadEndAsync(_process.StandardError);
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal)
                && int.TryParse(
                    line.AsSpan(Listening.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            {
                _port.TrySetResult(port);
            }
        }

        var text = await errors;
        await _process.WaitForExitAsync();
        return text.Length == 0 ? $"exit code {_process.ExitCode}." : text;
    }
}
