namespace Orleans;

/// <summary>A sequence of numbered stages that start in ascending and stop in descending order.</summary>
public interface ILifecycleObservable
{
    /// <summary>Adds an observer, before the lifecycle starts.</summary>
    /// <param name="observerName">Its name, for logs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="observer">The observer.</param>
    /// <returns>Takes the observer out when disposed.</returns>
    IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
}
