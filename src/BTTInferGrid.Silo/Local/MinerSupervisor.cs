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
    SiloSettings settings, GridHome home, IServer server, IHostApplicationLifetime host, TimeProvider time,
    ILogger<MinerSupervisor> logger) : BackgroundService
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The miners connect to the front's port, which is known when it listens.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = host.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stoppingToken.IsCancellationRequested)
        {
            var gateway = GatewayOf(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await Task.WhenAll(Enumerable.Range(1, settings.File.Miner!.Count).Select(number => KeepAsync(number, gateway, stoppingToken)));
        }
    }

    private static Uri GatewayOf(string address)
    {
        var listening = new Uri(address.Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal).Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal));
        return new UriBuilder(listening) { Scheme = "ws", Path = GridHost.EdgePath }.Uri;
    }

    private async Task KeepAsync(int number, Uri gateway, CancellationToken stoppingToken)
    {
        var pause = MinPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            using var process = Process.Start(StartOf(number, gateway))!;
            LogStarted(number, process.Id);
            await process.WaitForExitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                await EndAsync(process, number);
                return;
            }

            pause = time.GetElapsedTime(began) > Lasting ? MinPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, MaxPause.Ticks));
            LogEnded(number, process.Id, process.ExitCode, pause.TotalSeconds);
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ProcessStartInfo StartOf(int number, Uri gateway)
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
            "miner", "join", "--with-parent", "--gateway", gateway.ToString(), "--config", settings.Path, "--home", home.MinerPath(number),
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

    [LoggerMessage(4103, LogLevel.Warning, "Miner process {Number} ({Pid}) did not end within {Seconds} s and was killed")]
    private partial void LogKilled(int number, int pid, double seconds);
}
