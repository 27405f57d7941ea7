using BTTInferGrid.Inference;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Node;

/// <summary>
/// Loads the engine before the host starts, drains it before anything else stops, and ends the process if the engine dies.
/// </summary>
internal sealed partial class EngineLifetime(
    NodeEngine engine,
    IOptions<NodeOptions> options,
    TimeProvider time,
    IHostApplicationLifetime host,
    ILogger<EngineLifetime> logger) : BackgroundService, IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => engine.LoadAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        engine.Drain();
        try
        {
            await engine.Drained.WaitAsync(options.Value.DrainTimeout, time, cancellationToken);
        }
        catch (Exception cut) when (cut is TimeoutException or OperationCanceledException)
        {
            LogCutShort(engine.Status.Running, engine.Status.Waiting);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await engine.Engine.Completion.WaitAsync(stoppingToken);
        }
        catch (EngineFailedException)
        {
            LogEngineDied();
            engine.Drain();
            Environment.ExitCode = 1;
            host.StopApplication();
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    [LoggerMessage(2202, LogLevel.Critical, "The engine died; the process ends and can be started again")]
    private partial void LogEngineDied();

    [LoggerMessage(2205, LogLevel.Warning,
        "The process stops with {Running} requests running and {Waiting} waiting; the grid continues them elsewhere")]
    private partial void LogCutShort(int running, int waiting);
}
