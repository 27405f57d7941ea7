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
    /// <param name="cells">Cache cells there are for them.</param>
    /// <returns>How many tokens in all; 0 when the writers do not all have a cell, or nobody has.</returns>
    public int Schedule(List<Generation> running, int cells)
    {
        var writers = 0;
        foreach (var generation in running)
        {
            generation.Scheduled = generation.Pending == 1 ? 1 : 0;
            writers += generation.Scheduled;
        }

        if (writers > cells)
        {
            return 0;
        }

        var room = Math.Min(batchTokens, cells) - writers;
        var budget = writers == 0 ? room : Math.Min(room, promptTokensBesideStreams);
        return writers + Share(running, running.Count - writers, budget);
    }

    /// <summary>
    /// Shares the budget evenly among the readers; what a short prompt leaves goes to the others. The first in turn,
    /// who has the advantage of what cannot be divided, changes with each step.
    /// </summary>
    /// <returns>How much of the budget was given out.</returns>
    private int Share(List<Generation> running, int readers, int budget)
    {
        _turn = (_turn + 1) % running.Count;
        var left = budget;
        while (readers > 0 && left > 0)
        {
            var share = (left + readers - 1) / readers;
            readers = 0;
            for (var i = 0; i < running.Count; i++)
            {
                var generation = running[(_turn + i) % running.Count];
                var count = Math.Min(Math.Min(share, left), generation.Pending - generation.Scheduled);
                generation.Scheduled += count;
                left -= count;
                readers += generation.Scheduled < generation.Pending ? 1 : 0;
            }
        }

        return budget - left;
    }
}
