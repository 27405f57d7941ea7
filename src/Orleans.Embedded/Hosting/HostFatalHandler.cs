using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Embedded.Clustering;

namespace Orleans.Embedded.Hosting;

/// <summary>
/// Stops the host of a dead silo, and sets an exit code that is not zero, so that whoever supervises the process starts
/// it again. A host that does not stop in time is ended.
/// </summary>
internal sealed partial class HostFatalHandler(
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<HostFatalHandler> logger) : IFatalHandler, IDisposable
{
    /// <summary>Of the codes that sysexits.h gives a meaning: a fault of the software's own, not of its use.</summary>
    public const int ExitCode = 70;

    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(10);
    private ITimer? _timer;

    public void OnFatal(string reason)
    {
        LogFatal(reason, ExitCode);
        Environment.ExitCode = ExitCode;
        _timer = clock.CreateTimer(static _ => Environment.Exit(ExitCode), null, TimeToStop, Timeout.InfiniteTimeSpan);
        _ = services.GetRequiredService<SiloMember>().KillAsync();
        lifetime.StopApplication();
    }

    public void Dispose()
    {
        _timer?.Dispose();
    }

    [LoggerMessage(2405, LogLevel.Critical, "{Reason} The host stops; the process ends with exit code {Code}.")]
    private partial void LogFatal(string reason, int code);
}
