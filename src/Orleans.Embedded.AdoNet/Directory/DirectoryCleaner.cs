using Microsoft.Extensions.Logging;
using Orleans.Embedded.Clustering;
using Orleans.Runtime;

namespace Orleans.Embedded.AdoNet;

/// <summary>
/// Removes the directory's rows of dead silos, which count as absent and only take up room: those of a silo that dies
/// while the silo is the first of the active ones, and those left by earlier runs when the silo starts.
/// </summary>
internal sealed partial class DirectoryCleaner(
    LocalNode node,
    IClusterMembership membership,
    AdoNetGrainDirectory directory,
    ILogger<DirectoryCleaner> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private IDisposable? _watch;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<DirectoryCleaner>(ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _end.Cancel();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _watch = membership.Watch(OnChange);
        _ = CleanAsync(
            [.. membership.Current.Members.Keys.Where(membership.Current.IsDead)]);
        return Task.CompletedTask;
    }

    private Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    private void OnChange(MembershipView previous, MembershipView current)
    {
        if (current.Active.FirstOrDefault()?.Equals(node.Address) == true)
        {
            _ = CleanAsync([.. current.NewlyDead(previous)]);
        }
    }

    private async Task CleanAsync(SiloAddress[] dead)
    {
        foreach (var silo in dead)
        {
            try
            {
                await directory.PurgeAsync(silo, _end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                LogNotCleaned(silo, error);
            }
        }
    }

    [LoggerMessage(2701, LogLevel.Warning,
        "Directory rows of dead silo {Silo} were not removed. They do no harm; the next silo that starts tries again.")]
    private partial void LogNotCleaned(SiloAddress silo, Exception error);
}
