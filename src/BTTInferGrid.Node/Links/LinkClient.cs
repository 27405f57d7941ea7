using BTTInferGrid.Link;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Node.Links;

/// <summary>Keeps the node in session with its grid: dials a front, serves, and dials again when the session has ended.</summary>
internal sealed partial class LinkClient(
    IOptions<NodeOptions> options,
    NodeEngine engine,
    INodeCredential credential,
    TimeProvider time,
    Random random,
    ILogger<LinkClient> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rotation = new FrontRotation(
            options.Value.Grids, options.Value.MinPause, options.Value.MaxPause, time, random);
        while (true)
        {
            var (front, pause) = rotation.Next();
            if (pause > TimeSpan.Zero)
            {
                LogPause(front, pause);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (stoppingToken.IsCancellationRequested || engine.Draining.IsCompleted)
            {
                return;
            }

            var start = time.GetTimestamp();
            var end = await RunAsync(front, stoppingToken);
            rotation.Ended(end, time.GetElapsedTime(start));
            if (!stoppingToken.IsCancellationRequested)
            {
                LogEnded(credential.Identity, front, end.Reason);
            }
        }
    }

    private async Task<SessionEnd> RunAsync(Uri front, CancellationToken stopping)
    {
        try
        {
            return await new LinkSession(front, options.Value, engine, credential, time, logger).RunAsync(stopping);
        }
        catch (Exception error)
        {
            LogFailed(error, front);
            return SessionEnd.Lost("the session failed unexpectedly");
        }
    }

    [LoggerMessage(2204, LogLevel.Warning, "Miner {MinerId} is not in session with {Front}: {Reason}")]
    private partial void LogEnded(string minerId, Uri front, string reason);

    [LoggerMessage(2206, LogLevel.Information, "The next attempt is to {Front} in {Pause}")]
    private partial void LogPause(Uri front, TimeSpan pause);

    [LoggerMessage(2207, LogLevel.Error, "A session with {Front} failed unexpectedly")]
    private partial void LogFailed(Exception error, Uri front);
}
