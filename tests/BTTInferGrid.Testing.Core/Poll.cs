namespace BTTInferGrid.Testing;

/// <summary>Asks again and again, where what a test waits for is told by nobody.</summary>
public static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is as it should be, and gives that one.</summary>
    /// <param name="ask">Asks once.</param>
    /// <param name="holds">Whether the answer is as it should be.</param>
    /// <param name="patience">How long to ask.</param>
    /// <exception cref="TimeoutException">The time is over; the message has the last answer.</exception>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> holds, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            var answer = await ask();
            if (holds(answer))
            {
                return answer;
            }

            try
            {
                await Task.Delay(Pause, limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not so after {patience}; the last answer: {answer}");
            }
        }
    }
}
