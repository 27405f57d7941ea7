namespace BTTInferGrid.Silo.Local;

/// <summary>
/// Ends the process when its parent does: the parent holds the other end of standard input, which closes however the parent
/// ends.
/// </summary>
internal sealed partial class ParentWatch(IHostApplicationLifetime host, ILogger<ParentWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        try
        {
            while (await input.ReadAsync(buffer, stoppingToken) > 0)
            {
                // Nothing is said over this line; only its end has a meaning.
            }

            LogParentGone();
            host.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops by itself.
        }
    }

    [LoggerMessage(4111, LogLevel.Information, "The grid that this miner was started by is gone or stops; so does the miner")]
    private partial void LogParentGone();
}
