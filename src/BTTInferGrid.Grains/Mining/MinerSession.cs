using BTTInferGrid.Compute;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
#if EDGE_SILOS
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Edge;
#endif

namespace BTTInferGrid.Grains.Mining;

/// <summary>
/// Keeps this process's miner with its grid: joins, and joins again whenever the grid does not watch it, be it that the
/// connection broke or that the grid was started anew. Ends the process if the engine dies.
/// </summary>
internal sealed partial class MinerSession(
    MinerEngine miner,
    IGrainFactory grains,
#if EDGE_SILOS
    IServiceProvider services,
#endif
    IOptions<MinerOptions> options,
    TimeProvider time,
    IHostApplicationLifetime host,
    ILogger<MinerSession> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public Task StartingAsync(CancellationToken cancellationToken) => miner.LoadAsync(MinerId, cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything else stops: no new jobs, and some time for those that run.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        miner.Drain();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), limit, options.Value.DrainTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50), time);
            while (miner.Status is { Running: > 0 } or { Waiting: > 0 } && await poll.WaitForNextTickAsync(limit.Token))
            {
            }
        }
        catch (OperationCanceledException)
        {
            LogCutShort(MinerId, miner.Status.Running);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var follow = FollowAsync(stoppingToken);
        if (await Task.WhenAny(follow, miner.Engine.Completion) != follow && !stoppingToken.IsCancellationRequested)
        {
            LogEngineDied(MinerId);
            Environment.ExitCode = 1;
            host.StopApplication();
        }

        await follow;
    }

    private string MinerId =>
#if EDGE_SILOS
        services.GetService<IEdgeSilo>()?.Identity ?? options.Value.MinerId;
#else
        options.Value.MinerId;
#endif

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var record = grains.GetGrain<IMinerRecordGrain>(MinerId);
        try
        {
            using var poll = new PeriodicTimer(Period, time);
            do
            {
#if EDGE_SILOS
                await (services.GetService<IEdgeSilo>()?.WaitUntilConnectedAsync(cancellationToken) ?? Task.CompletedTask);
#endif
                await JoinIfUnwatchedAsync(record);
            }
            while (await poll.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task JoinIfUnwatchedAsync(IMinerRecordGrain record)
    {
        try
        {
            if (!miner.Draining.IsCompleted && !await record.IsWatched())
            {
                await record.Join(miner.Offer);
                LogJoined(MinerId, Environment.ProcessId, miner.Offer.Model);
            }
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or GridException)
        {
            LogNotJoined(MinerId, failure.Message);
        }
    }

    [LoggerMessage(2202, LogLevel.Critical, "The engine of miner {MinerId} died; the process ends, and can be started again")]
    private partial void LogEngineDied(string minerId);

    [LoggerMessage(2203, LogLevel.Information, "Miner {MinerId} (process {Pid}) joins the grid with model {Model}")]
    private partial void LogJoined(string minerId, int pid, string model);

    [LoggerMessage(2204, LogLevel.Warning, "Miner {MinerId} could not join and tries again in a second: {Reason}")]
    private partial void LogNotJoined(string minerId, string reason);

    [LoggerMessage(2205, LogLevel.Warning, "Miner {MinerId} stops with {Running} jobs unfinished; the grid goes on with them elsewhere")]
    private partial void LogCutShort(string minerId, int running);
}
