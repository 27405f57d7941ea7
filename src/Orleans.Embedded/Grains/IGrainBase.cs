using Orleans.Runtime;

namespace Orleans;

/// <summary>
/// What every grain class implements: <see cref="Grain"/> does it, and a class with another base does it by taking
/// <see cref="IGrainContext"/> as a constructor parameter.
/// </summary>
public interface IGrainBase
{
    /// <summary>The activation this grain instance belongs to.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>
    /// Runs once, after the grain's state was read and before its first request. An exception discards the activation
    /// and reaches the callers that wait for it.
    /// </summary>
    /// <param name="token">Cancelled when the silo stops.</param>
    Task OnActivateAsync(CancellationToken token)
    {
        return Task.CompletedTask;
    }

    /// <summary>
    /// Runs once, after the last request. It does not run when the process dies, so nothing may depend on it.
    /// </summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="token">Cancelled when the time allowed for deactivation is over.</param>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        return Task.CompletedTask;
    }
}
