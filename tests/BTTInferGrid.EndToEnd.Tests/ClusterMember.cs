using System.Text.RegularExpressions;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>One process of a cluster. It can be ended, frozen and started again in the same home folder.</summary>
internal sealed class ClusterMember(string name, string[] command, Uri? url) : IAsyncDisposable
{
    // A silo reads every 5 s which silos are members.
    private static readonly TimeSpan SelfCheck = TimeSpan.FromSeconds(8);

    private readonly List<string> _errors = [];
    private GridProcess? _process;

    public string Name => name;

    /// <summary>Where its front listens; null if it has none.</summary>
    public Uri? Url => url;

    public GridProcess Process => _process ?? throw new InvalidOperationException($"{name} has not been started.");

    /// <summary>Id of its miner, if it is one.</summary>
    public string MinerId => Regex.Match(Process.Log, @"Miner (\S+) \(process").Groups[1].Value;

    /// <summary>The front that it has joined last, if it is a node.</summary>
    public string Front => Regex.Matches(Process.Log, @"joins grid \S+ at (\S+)").Last().Groups[1].Value;

    /// <summary>What it has logged as errors, before it was started again as well.</summary>
    public IEnumerable<string> Errors => [.. _errors, .. ErrorsIn(Process)];

    /// <summary>Whether new requests find its front closed.</summary>
    public bool IsAway { get; private set; } = true;

    /// <summary>How often it was ended or frozen, in whatever way.</summary>
    public int Departures { get; private set; }

    /// <summary>How often it was killed or frozen, which breaks streams through its front.</summary>
    public int Kills { get; private set; }

    /// <summary>Starts the process and waits until it serves.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            _errors.AddRange(ErrorsIn(_process));
            await _process.DisposeAsync();
        }

        _process = GridProcess.Begin(command);
        await (url is null ? _process.WaitForLogAsync("joins") : _process.WaitForOutputAsync("Ctrl-C stops"));
        IsAway = false;
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        Kills++;
        Leave();
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as a service manager does, and waits for the exit code.</summary>
    public Task<int> TerminateAsync()
    {
        Leave();
        Process.Send(ProcessSignal.Terminate);
        return Process.WaitForExitAsync();
    }

    /// <summary>Lets it stand still; its sockets stay open.</summary>
    public void Freeze()
    {
        Kills++;
        Leave();
        Process.Send(ProcessSignal.Stop);
    }

    /// <summary>Lets it go on after <see cref="Freeze"/>, and starts it again if it finds that it was given up and ends itself.</summary>
    /// <returns>Whether it ended itself.</returns>
    public async Task<bool> ContinueAsync()
    {
        Process.Send(ProcessSignal.Continue);
        var end = Process.WaitForExitAsync();
        var hasEnded = await Task.WhenAny(end, Task.Delay(SelfCheck)) == end;
        if (hasEnded)
        {
            await StartAsync();
        }

        IsAway = false;
        return hasEnded;
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static IEnumerable<string> ErrorsIn(GridProcess process) =>
        process.Log.Split('\n').Where(static line => line.Contains(" fail: ", StringComparison.Ordinal));

    private void Leave()
    {
        Departures++;
        IsAway = true;
    }
}
