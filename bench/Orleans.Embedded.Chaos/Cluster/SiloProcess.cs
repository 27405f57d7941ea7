using Orleans.Embedded.Testing;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>A place for a core silo: a name, a port, and the process that runs there now.</summary>
internal sealed class SiloProcess(string name, int port, string[] settings) : IAsyncDisposable
{
    private readonly List<string> _earlierLogs = [];
    private ChildProcess? _process;

    public string Name => name;

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"Silo {name} was never started.");

    /// <summary>What all processes of this place logged.</summary>
    public string Log => string.Join("\n--- restarted ---\n", [.. _earlierLogs, Process.Log]);

    /// <summary>Starts a process and waits until it is a member.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            _earlierLogs.Add(_process.Log);
            await _process.DisposeAsync();
        }

        _process = NewProcess();
        await _process.WaitForOutputAsync(SiloProgram.Ready);
    }

    /// <summary>Ends the process as a power cut does.</summary>
    public async Task KillAsync()
    {
        Process.Send(ProcessSignal.Kill);
        await Process.WaitForExitAsync();
    }

    /// <summary>One more process at the same endpoint.</summary>
    public ChildProcess NewProcess()
    {
        return new ChildProcess(
            typeof(SiloProcess).Assembly.Location, ["silo", $"--Name={name}", $"--Port={port}", .. settings]);
    }

    public ValueTask DisposeAsync()
    {
        return _process?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
