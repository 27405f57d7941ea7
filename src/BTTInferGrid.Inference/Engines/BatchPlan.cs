namespace BTTInferGrid.Inference;

/// <summary>
/// Decides how many tokens of which request a step computes: the last token of every request that writes, always, and
/// prompt tokens of those that read, shared evenly, under a limit that keeps the writers' pace.
/// </summary>
internal sealed class BatchPlan(int batchTokens, int promptTokensBesideStreams)
{
    private int _turn;

    /// <summary>Schedules tokens of each request.</summary>
    /// <param name="running">At least one request, and no more than the batch has room for.</param>
    public void Schedule(List<Generation> running)
    {
        var writers = 0;
        foreach (var generation in running)
        {
            generation.Scheduled = generation.Pending == 1 ? 1 : 0;
            writers += generation.Scheduled;
        }

        var room = batchTokens - writers;
        Share(running, running.Count - writers, writers == 0 ? room : Math.Min(room, promptTokensBesideStreams));
    }

    /// <summary>
    /// Shares the budget evenly among the readers; what a short prompt leaves goes to the others. The first in turn, who
    /// has the advantage of what cannot be divided, changes with each step.
    /// </summary>
    private void Share(List<Generation> running, int readers, int budget)
    {
        _turn = (_turn + 1) % running.Count;
        while (readers > 0 && budget > 0)
        {
            var share = (budget + readers - 1) / readers;
            readers = 0;
            for (var i = 0; i < running.Count; i++)
            {
                var generation = running[(_turn + i) % running.Count];
                var count = Math.Min(Math.Min(share, budget), generation.Pending - generation.Scheduled);
                generation.Scheduled += count;
                budget -= count;
                readers += generation.Scheduled < generation.Pending ? 1 : 0;
            }
        }
    }
}
