using System.Collections.Concurrent;
using System.Threading.Channels;
using BTTInferGrid.Compute;
using Microsoft.Extensions.Hosting;

namespace BTTInferGrid.Grains.Miners;

/// <summary>
/// Reports the miners whose sessions this silo holds to the grains of their models: at once when a miner's state or offer has
/// changed, and every second what else is new, if only that this silo is alive. When it stops, its miners are gone.
/// </summary>
/// <param name="grains">The cluster.</param>
/// <param name="time">The clock of the seconds.</param>
/// <param name="logger">The log.</param>
/// <param name="source">Id of this silo's reports; null for a new one.</param>
internal sealed partial class MinerPublisher(
    IGrainFactory grains, TimeProvider time, ILogger<MinerPublisher> logger, string? source = null) : BackgroundService
{
    /// <summary>Longest time between two reports to a model of which this silo has miners.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly string _source = source ?? $"{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, MinerFeed> _feeds = new();

    // One wake-up is as good as many.
    private readonly Channel<bool> _wakeUps = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Reports a miner, or what has changed of it. Of several standings that wait only the newest is sent.</summary>
    /// <param name="standing">
    /// The miner; Gone when its session on this silo has ended, also if it has another elsewhere: what the other silo reports
    /// counts, and this one must not go on reporting the miner.
    /// </param>
    /// <remarks>Never waits. After the stop it does nothing.</remarks>
    public void Publish(MinerStanding standing)
    {
        var feed = _feeds.GetOrAdd(standing.Offer.Model, static (_, source) => new MinerFeed(source), _source);
        if (feed.Set(standing))
        {
            foreach (var other in _feeds.Values)
            {
                if (other != feed)
                {
                    other.Remove(standing.Offer.MinerId, "it serves another model.", time.GetUtcNow());
                }
            }
        }

        _wakeUps.Writer.TryWrite(true);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // A report that does not arrive in time is no reason to stop otherwise: the silence says the same a little later.
        await Task.WhenAll(_feeds.Select(pair => EndAsync(pair.Key, pair.Value))).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => Beat(), null, Heartbeat, Heartbeat);
        try
        {
            await foreach (var _ in _wakeUps.Reader.ReadAllAsync(stoppingToken))
            {
                foreach (var (model, feed) in _feeds)
                {
                    if (feed.Next() is { } report)
                    {
                        feed.Sending = SendAsync(model, feed, report);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops, or did not start.
        }
    }

    private void Beat()
    {
        foreach (var feed in _feeds.Values)
        {
            feed.Beat();
        }

        _wakeUps.Writer.TryWrite(true);
    }

    private async Task EndAsync(string model, MinerFeed feed)
    {
        await feed.Sending;
        if (feed.End("its silo stops.", time.GetUtcNow()) is { } report)
        {
            await SendAsync(model, feed, report);
        }
    }

    private async Task SendAsync(string model, MinerFeed feed, MinerReport report)
    {
        try
        {
            var isKnown = await grains.GetGrain<IModelGrain>(model).Publish(report);
            if (feed.Acknowledge(report, isKnown))
            {
                LogPublishedAgain(model);
            }
        }
        catch (Exception failure)
        {
            // Whatever it is, the other models' miners must go on being reported, and these again with the next second.
            if (feed.Fail())
            {
                LogNotPublished(failure, model);
            }
        }

        _wakeUps.Writer.TryWrite(true);
    }

    [LoggerMessage(2325, LogLevel.Warning, "The miners of model {Model} cannot be reported; the silo tries again every second")]
    private partial void LogNotPublished(Exception failure, string model);

    [LoggerMessage(2326, LogLevel.Information, "The miners of model {Model} are reported again")]
    private partial void LogPublishedAgain(string model);
}
