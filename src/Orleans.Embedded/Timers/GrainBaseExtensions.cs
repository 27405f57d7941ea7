using Orleans.Embedded.Activations;
using Orleans.Embedded.Timers;
using Orleans.Runtime;

namespace Orleans;

/// <content>Timers.</content>
public static partial class GrainBaseExtensions
{
    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does. The next period begins when it has ended; an exception is logged
    /// and the timer goes on.
    /// </param>
    /// <param name="options">When the timer ticks, and how its ticks stand to requests.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Register(grain, static (run, _) => run(), callback, options);
    }

    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does. The next period begins when it has ended; an exception is logged
    /// and the timer goes on.
    /// </param>
    /// <param name="dueTime">
    /// The time to the first tick, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <param name="period">
    /// The time from the end of a tick to the next, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period)
    {
        return grain.RegisterGrainTimer(callback, new GrainTimerCreationOptions(dueTime, period));
    }

    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does; its token is cancelled when the timer is disposed of or the
    /// activation ends. The next period begins when it has ended; an exception is logged and the timer goes on.
    /// </param>
    /// <param name="options">When the timer ticks, and how its ticks stand to requests.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Register(grain, static (run, token) => run(token), callback, options);
    }

    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does; its token is cancelled when the timer is disposed of or the
    /// activation ends. The next period begins when it has ended; an exception is logged and the timer goes on.
    /// </param>
    /// <param name="dueTime">
    /// The time to the first tick, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <param name="period">
    /// The time from the end of a tick to the next, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer(
        this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period)
    {
        return grain.RegisterGrainTimer(callback, new GrainTimerCreationOptions(dueTime, period));
    }

    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does. The next period begins when it has ended; an exception is logged
    /// and the timer goes on.
    /// </param>
    /// <param name="state">What each call of the callback gets.</param>
    /// <param name="options">When the timer ticks, and how its ticks stand to requests.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Register(grain, static (run, _) => run.callback(run.state), (callback, state), options);
    }

    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does. The next period begins when it has ended; an exception is logged
    /// and the timer goes on.
    /// </param>
    /// <param name="state">What each call of the callback gets.</param>
    /// <param name="dueTime">
    /// The time to the first tick, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <param name="period">
    /// The time from the end of a tick to the next, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period)
    {
        return grain.RegisterGrainTimer(callback, state, new GrainTimerCreationOptions(dueTime, period));
    }

    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does; its token is cancelled when the timer is disposed of or the
    /// activation ends. The next period begins when it has ended; an exception is logged and the timer goes on.
    /// </param>
    /// <param name="state">What each call of the callback gets.</param>
    /// <param name="options">When the timer ticks, and how its ticks stand to requests.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain,
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Register(grain, callback, state, options);
    }

    /// <summary>Starts a timer of the grain's activation.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="grain">The grain itself.</param>
    /// <param name="callback">
    /// Runs in a turn of the grain, as a request does; its token is cancelled when the timer is disposed of or the
    /// activation ends. The next period begins when it has ended; an exception is logged and the timer goes on.
    /// </param>
    /// <param name="state">What each call of the callback gets.</param>
    /// <param name="dueTime">
    /// The time to the first tick, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <param name="period">
    /// The time from the end of a tick to the next, 0 to about 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A time is out of range.</exception>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain,
        Func<TState, CancellationToken, Task> callback,
        TState state,
        TimeSpan dueTime,
        TimeSpan period)
    {
        return grain.RegisterGrainTimer(callback, state, new GrainTimerCreationOptions(dueTime, period));
    }

    private static GrainTimer<TState> Register<TState>(
        IGrainBase grain,
        Func<TState, CancellationToken, Task> callback,
        TState state,
        GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(grain);
        var activation = (Activation)grain.GrainContext;
        var timer = new GrainTimer<TState>(activation, callback, state, options);
        activation.Add(timer);
        timer.Change(options.DueTime, options.Period);
        return timer;
    }
}
