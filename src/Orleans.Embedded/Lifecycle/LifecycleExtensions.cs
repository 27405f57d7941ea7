namespace Orleans;

/// <summary>Subscribes methods to a lifecycle.</summary>
public static class LifecycleExtensions
{
    /// <summary>Subscribes a method to the start of a stage and one to its stop.</summary>
    /// <param name="observable">The lifecycle.</param>
    /// <param name="observerName">The observer's name, for logs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">Runs when the stage starts.</param>
    /// <param name="onStop">Runs when the stage stops.</param>
    public static IDisposable Subscribe(
        this ILifecycleObservable observable,
        string observerName,
        int stage,
        Func<CancellationToken, Task> onStart,
        Func<CancellationToken, Task>? onStop)
    {
        ArgumentNullException.ThrowIfNull(observable);
        ArgumentNullException.ThrowIfNull(onStart);
        return observable.Subscribe(observerName, stage, new Observer(onStart, onStop));
    }

    /// <summary>Subscribes a method to the start of a stage.</summary>
    /// <param name="observable">The lifecycle.</param>
    /// <param name="observerName">The observer's name, for logs.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">Runs when the stage starts.</param>
    public static IDisposable Subscribe(
        this ILifecycleObservable observable, string observerName, int stage, Func<CancellationToken, Task> onStart)
    {
        return observable.Subscribe(observerName, stage, onStart, null);
    }

    /// <summary>Subscribes a method to the start of a stage and one to its stop.</summary>
    /// <typeparam name="TObserver">The type that names the observer in logs.</typeparam>
    /// <param name="observable">The lifecycle.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">Runs when the stage starts.</param>
    /// <param name="onStop">Runs when the stage stops.</param>
    public static IDisposable Subscribe<TObserver>(
        this ILifecycleObservable observable,
        int stage,
        Func<CancellationToken, Task> onStart,
        Func<CancellationToken, Task> onStop)
    {
        return observable.Subscribe(typeof(TObserver).FullName!, stage, onStart, onStop);
    }

    /// <summary>Subscribes a method to the start of a stage.</summary>
    /// <typeparam name="TObserver">The type that names the observer in logs.</typeparam>
    /// <param name="observable">The lifecycle.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="onStart">Runs when the stage starts.</param>
    public static IDisposable Subscribe<TObserver>(
        this ILifecycleObservable observable, int stage, Func<CancellationToken, Task> onStart)
    {
        return observable.Subscribe(typeof(TObserver).FullName!, stage, onStart, null);
    }

    private sealed class Observer(Func<CancellationToken, Task> onStart, Func<CancellationToken, Task>? onStop)
        : ILifecycleObserver
    {
        public Task OnStart(CancellationToken cancellationToken)
        {
            return onStart(cancellationToken);
        }

        public Task OnStop(CancellationToken cancellationToken)
        {
            return onStop?.Invoke(cancellationToken) ?? Task.CompletedTask;
        }
    }
}
