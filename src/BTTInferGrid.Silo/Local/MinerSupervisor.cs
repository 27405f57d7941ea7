using System.ComponentModel;
using System.Diagnostics;
using BTTInferGrid.Silo.Configuration;
using BTTInferGrid.Silo.Home;
using BTTInferGrid.Silo.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BTTInferGrid.Silo.Local;

/// <summary>
/// Runs the miners of a local grid, each in a process of its own that joins as a stranger's would. One that ends is started
/// again, after a pause that doubles while it does not last.
/// </summary>
internal sealed partial class MinerSupervisor(
    SiloSettings settings, GridHome home, IServer server, TimeProvider time,
    ILogger<MinerSupervisor> logger) : IHostedLifecycleService, IDisposable
{
    // Less than the host waits for everything, so that the rest can end after the miners.
    private static readonly TimeSpan StopTimeout = GridHost.ShutdownTimeout - TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stop = new();
    private Task _keeping = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Starts the miners when the front listens, for they connect to its port.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var front = FrontListener.MinersAddress(server.Features.Get<IServerAddressesFeature>()!.Addresses);
        _keeping = Task.WhenAll(
            Enumerable.Range(1, settings.File.Miner!.Count).Select(number => KeepAsync(number, front, _stop.Token)));
        return Task.CompletedTask;
    }

    /// <summary>Ends the miners before anything else stops, so that they can finish their jobs and say that they leave.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _keeping;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private async Task KeepAsync(int number, Uri front, CancellationToken stoppingToken)
    {
        var pause = MinPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                using var process = Process.Start(StartOf(number, front))!;
                LogStarted(number, process.Id);
                await process.WaitForExitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stoppingToken.IsCancellationRequested)
                {
                    await EndAsync(process, number);
                    return;
                }

                pause = PauseAfter(time.GetElapsedTime(began), pause);
                LogEnded(number, process.Id, process.ExitCode, pause.TotalSeconds);
            }
            catch (Win32Exception error)
            {
                pause = PauseAfter(TimeSpan.Zero, pause);
                LogNotStarted(number, error.Message, pause.TotalSeconds);
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TimeSpan PauseAfter(TimeSpan lasted, TimeSpan pause) =>
        lasted > Lasting ? MinPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MaxPause.Ticks));

    private ProcessStartInfo StartOf(int number, Uri front)
    {
        var program = Environment.ProcessPath!;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(MinerSupervisor).Assembly.Location);
        }

        start.Environment[HostLogging.Variable] = $"{settings.LogLevel}";
        string[] arguments =
        [
            "miner", "join", "--with-parent", "--front", front.ToString(), "--config", settings.Path, "--home", home.MinerPath(number),
            "--model", settings.File.Miner!.Model, "--models-home", home.Path,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Asks the process to end, by the end of its input, and ends it if it does not.</summary>
    private async Task EndAsync(Process process, int number)
    {
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StopTimeout, time);
        await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            LogKilled(number, process.Id, StopTimeout.TotalSeconds);
            process.Kill(entireProcessTree: true);
        }
    }

    [LoggerMessage(4101, LogLevel.Information, "Miner process {Number} is started as process {Pid}")]
    private partial void LogStarted(int number, int pid);

    [LoggerMessage(4102, LogLevel.Warning, "Miner process {Number} ({Pid}) ended with code {ExitCode}; it is started again in {Seconds} s")]
    private partial void LogEnded(int number, int pid, int exitCode, double seconds);

    [LoggerMessage(4104, LogLevel.Error, "Miner process {Number} cannot be started: {Reason} It is tried again in {Seconds} s")]
    private partial void LogNotStarted(int number, string reason, double seconds);

    [LoggerMessage(4103, LogLevel.Warning, "Miner process {Number} ({Pid}) did not end within {Seconds} s and was killed")]
    private partial void LogKilled(int number, int pid, double seconds);
}
