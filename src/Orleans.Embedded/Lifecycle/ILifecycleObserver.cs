namespace Orleans;

/// <summary>Takes part in one stage of a lifecycle.</summary>
public interface ILifecycleObserver
{
    /// <summary>Runs when the stage starts; an exception stops the start.</summary>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    Task OnStart(CancellationToken cancellationToken = default);

    /// <summary>Runs when the stage stops, after all later stages.</summary>
    /// <param name="cancellationToken">Cancelled when there is no more time to stop in good order.</param>
    Task OnStop(CancellationToken cancellationToken = default);
}
