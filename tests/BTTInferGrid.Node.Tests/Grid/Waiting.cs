namespace BTTInferGrid.Node.Tests.Grid;

/// <summary>Waits that name the step that did not happen.</summary>
internal static class Waiting
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task Within(this Task task, string step)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not within {Patience.TotalSeconds} s: {step}");
        }
    }

    public static async Task<T> Within<T>(this Task<T> task, string step)
    {
        await ((Task)task).Within(step);
        return await task;
    }
}
