using Microsoft.Extensions.Logging;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Timers;
using Orleans.Runtime;

namespace Orleans.Embedded.Hosting;

/// <summary>
/// The silo as a member of its cluster: connects and joins when the host starts, and leaves in good order when it
/// stops.
/// </summary>
internal sealed partial class SiloMember(
    LocalNode node,
    IClusterMembership membership,
    MessageCenter messages,
    Catalog catalog,
    ILocalGrains grains,
    CallTimer timer,
    TimerQueue grainTimers,
    SiloStopping stopping,
    ILogger<SiloMember> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private volatile bool _isKilled;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<SiloMember>(ServiceLifecycleStage.RuntimeInitialize, ConnectAsync, DisconnectAsync);
        lifecycle.Subscribe<SiloMember>(ServiceLifecycleStage.BecomeActive, BecomeActiveAsync, EndActivationsAsync);
    }

    /// <summary>Ends the silo as a crash does: at once and without a word to its grains.</summary>
    public async Task KillAsync()
    {
        _isKilled = true;
        timer.Dispose();
        grainTimers.Dispose();
        messages.Stop();
        await membership.AbandonAsync();
        stopping.Signal();
        LogKilled(node.Address);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await membership.StartAsync(cancellationToken);
        messages.Host(grains);
        await messages.StartAsync(cancellationToken);
        timer.Start();
        await membership.UpdateStatusAsync(SiloStatus.Joining, cancellationToken);
    }

    private async Task BecomeActiveAsync(CancellationToken cancellationToken)
    {
        await membership.UpdateStatusAsync(SiloStatus.Active, cancellationToken);
        LogActive(node.Name, node.Address, node.ClusterId);
    }

    /// <summary>From here on new grains go elsewhere; those of this silo finish their requests and end.</summary>
    private async Task EndActivationsAsync(CancellationToken cancellationToken)
    {
        if (_isKilled)
        {
            return;
        }

        await TryUpdateStatusAsync(SiloStatus.ShuttingDown);
        try
        {
            await catalog.DeactivateAllAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogStopCutShort(node.Address);
        }
    }

    private async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        if (_isKilled)
        {
            return;
        }

        stopping.Signal();

        // Only when nothing comes in any more: who still waits for a dead silo is told that its request may be lost.
        await messages.StopReceivingAsync();
        await TryUpdateStatusAsync(SiloStatus.Dead);
        messages.Stop();
        timer.Dispose();
        grainTimers.Dispose();
        LogStopped(node.Address);
    }

    /// <summary>A silo that stops goes on without its cluster: the others find out when its lease ends.</summary>
    private async Task TryUpdateStatusAsync(SiloStatus status)
    {
        try
        {
            await membership.UpdateStatusAsync(status, CancellationToken.None);
        }
        catch (Exception error)
        {
            LogNotPublished(node.Address, status, error);
        }
    }

    [LoggerMessage(2401, LogLevel.Information, "Silo {Name} is active at {Address} in cluster {Cluster}.")]
    private partial void LogActive(string name, SiloAddress address, string cluster);

    [LoggerMessage(2402, LogLevel.Information, "Silo {Address} has stopped.")]
    private partial void LogStopped(SiloAddress address);

    [LoggerMessage(2403, LogLevel.Warning, "Silo {Address} ran out of time to stop; some of its grains did not end.")]
    private partial void LogStopCutShort(SiloAddress address);

    [LoggerMessage(2406, LogLevel.Warning, "Silo {Address} could not publish that it is {Status}; it goes on to stop.")]
    private partial void LogNotPublished(SiloAddress address, SiloStatus status, Exception error);

    [LoggerMessage(2404, LogLevel.Warning, "Silo {Address} was killed.")]
    private partial void LogKilled(SiloAddress address);
}
