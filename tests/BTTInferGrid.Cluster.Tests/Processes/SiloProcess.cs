using System.Globalization;

namespace BTTInferGrid.Cluster.Tests.Processes;

/// <summary>A silo in a process of its own, which comes back at the same ports.</summary>
internal sealed class SiloProcess(string database, string? certificates = null) : IAsyncDisposable
{
    private readonly int[] _ports = FreePorts.Take(2);
    private ChildProcess? _process;

    public ChildProcess Process => _process ?? throw new InvalidOperationException("The silo was not started.");

    public int Id => Process.Id;

    /// <summary>Starts the process; <see cref="WaitUntilReadyAsync"/> waits until the silo is one of the cluster.</summary>
    public void Begin()
    {
        string[] arguments = [database, .. _ports.Select(static port => port.ToString(CultureInfo.InvariantCulture))];
        _process = new ChildProcess(
            typeof(SiloProcess).Assembly.Location, certificates is null ? arguments : [.. arguments, certificates]);
    }

    public Task WaitUntilReadyAsync() => Process.WaitForOutputAsync(Program.Ready);

    public async Task KillAsync()
    {
        Process.Send(ProcessSignal.Kill);
        await Process.WaitForExitAsync();
    }

    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        Begin();
        await WaitUntilReadyAsync();
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
