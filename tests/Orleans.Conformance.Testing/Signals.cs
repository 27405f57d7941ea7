namespace Orleans.Conformance.Testing;

/// <summary>
/// Named events that tests and their grains share: a test waits for what a grain reports, and the reverse.
/// </summary>
internal static class Signals
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Known = new();

    public static void Set(string name)
    {
        Of(name).TrySetResult();
    }

    public static bool IsSet(string name)
    {
        return Of(name).Task.IsCompleted;
    }

    /// <summary>Waits without end, for grains: the test decides how long.</summary>
    public static Task Reached(string name)
    {
        return Of(name).Task;
    }

    /// <summary>Waits for an event, or fails by naming it.</summary>
    public static Task Await(string name)
    {
        return Of(name).Task.Within($"signal '{name}'");
    }

    /// <summary>Waits for a task, or fails by naming the missing step.</summary>
    public static async Task Within(this Task task, string step)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"Not reached in {Patience}: {step}");
        }
    }

    /// <inheritdoc cref="Within(Task, string)" />
    public static async Task<T> Within<T>(this Task<T> task, string step)
    {
        await Within((Task)task, step);
        return await task;
    }

    /// <summary>Waits for a condition that nothing signals, or fails by naming the missing step.</summary>
    public static Task Until(Func<bool> condition, string step)
    {
        return YieldUntilAsync().Within(step);

        async Task YieldUntilAsync()
        {
            while (!condition())
            {
                await Task.Yield();
            }
        }
    }

    private static TaskCompletionSource Of(string name)
    {
        return Known.GetOrAdd(name, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
