using Orleans.Embedded.Testing;

namespace Orleans.Embedded.Chaos.Cluster;

/// <summary>A place for a silo: a name, what a process there is started with, and the process that runs there now.</summary>
internal sealed class SiloProcess(string name, string[] arguments) : IAsyncDisposable
{
    private readonly List<string> _earlierLogs = [];
    private ChildProcess? _process;

    public string Name => name;

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"Silo {name} was never started.");

    /// <summary>Who the process says it is: the name of a core silo, the identity of an edge silo.</summary>
    public string Identity => Process.Output.Split('\n')
        .First(static line => line.StartsWith(SiloHost.Ready, StringComparison.Ordinal))[SiloHost.Ready.Length..].TrimEnd();

    /// <summary>What all processes of this place logged.</summary>
    public string Log => string.Join("\n--- restarted ---\n", [.. _earlierLogs, Process.Log]);

    /// <summary>Starts a process and waits until it serves.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            _earlierLogs.Add(_process.Log);
            await _process.DisposeAsync();
        }

        _process = NewProcess();
        await _process.WaitForOutputAsync(SiloHost.Ready);
    }

    /// <summary>Ends the process as a power cut does.</summary>
    public async Task KillAsync()
    {
        Process.Send(ProcessSignal.Kill);
        await Process.WaitForExitAsync();
    }

    /// <summary>One more process at the same place.</summary>
    public ChildProcess NewProcess()
    {
        return new ChildProcess(typeof(SiloProcess).Assembly.Location, arguments);
    }

    public ValueTask DisposeAsync()
    {
        return _process?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
