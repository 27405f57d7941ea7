using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Orleans.Embedded.Lifecycle;

/// <summary>
/// Starts the stages of a silo in ascending order and stops them in descending order. A stage that fails ends the
/// start; the stop that follows covers the stages that were reached.
/// </summary>
internal sealed partial class SiloLifecycle(ILogger<SiloLifecycle> logger) : ISiloLifecycle
{
    private readonly List<Subscription> _subscriptions = [];
    private readonly Lock _lock = new();
    private int? _reached;

    public int HighestCompletedStage { get; private set; } = int.MinValue;

    public int LowestStoppedStage { get; private set; } = int.MaxValue;

    public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
    {
        var subscription = new Subscription(this, observerName, stage, observer);
        lock (_lock)
        {
            _subscriptions.Add(subscription);
        }

        return subscription;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var stage in Stages().OrderBy(static stage => stage.Key))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _reached = stage.Key;
            await Task.WhenAll(stage.Select(item => item.Observer.OnStart(cancellationToken)));
            HighestCompletedStage = stage.Key;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var reached = Stages().Where(stage => stage.Key <= _reached);
        foreach (var stage in reached.OrderByDescending(static stage => stage.Key))
        {
            await Task.WhenAll(stage.Select(item => StopAsync(item, cancellationToken)));
            LowestStoppedStage = stage.Key;
        }
    }

    private async Task StopAsync(Subscription item, CancellationToken cancellationToken)
    {
        try
        {
            await item.Observer.OnStop(cancellationToken);
        }
        catch (Exception error)
        {
            LogStopFailed(item.Name, item.Stage.ToString(CultureInfo.InvariantCulture), error);
        }
    }

    private IGrouping<int, Subscription>[] Stages()
    {
        lock (_lock)
        {
            return [.. _subscriptions.GroupBy(static item => item.Stage)];
        }
    }

    [LoggerMessage(2301, LogLevel.Error, "{Observer} failed to stop at stage {Stage}; the stop goes on.")]
    private partial void LogStopFailed(string observer, string stage, Exception error);

    private sealed class Subscription(SiloLifecycle lifecycle, string name, int stage, ILifecycleObserver observer)
        : IDisposable
    {
        public string Name => name;

        public int Stage => stage;

        public ILifecycleObserver Observer => observer;

        public void Dispose()
        {
            lock (lifecycle._lock)
            {
                lifecycle._subscriptions.Remove(this);
            }
        }
    }
}
