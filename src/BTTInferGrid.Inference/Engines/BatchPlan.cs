namespace BTTInferGrid.Inference;

/// <summary>
/// Decides how many tokens of which request a step computes: the last token of every request that writes, always, and
/// prompt tokens of those that read, in turn, under a limit that keeps the writers' pace: the readers' part of the batch
/// by their number among all requests. So many prompts that come together soon write together.
/// </summary>
/// <param name="batchTokens">Tokens of a step.</param>
/// <param name="promptTokensBesideStreams">What readers get together at least, while the step has room.</param>
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

        var readers = running.Count - writers;
        var part = Math.Max(promptTokensBesideStreams, batchTokens * readers / running.Count);
        return writers + Share(running, readers, part, Math.Min(batchTokens, cells) - writers);
    }

    /// <summary>
    /// Shares the budget among the readers: evenly where each has a tile of tokens or more, else a tile to one after the
    /// other, because attention skips cells that no token of a tile sees, and many prompts in one tile see nearly all.
    /// What a short prompt leaves goes to the others. The next step begins where this one ends.
    /// </summary>
    /// <remarks>
    /// A rest of less than a tile is read with what comes before it, beyond the budget if there is room: alone in a step it
    /// would be computed without tiles, which takes longer than the rest of the prompt's steps.
    /// </remarks>
    /// <returns>How much was given out.</returns>
    private int Share(List<Generation> running, int readers, int budget, int room)
    {
        _turn %= running.Count;
        var given = 0;
        budget = Math.Min(budget, room);
        while (readers > 0 && given < budget)
        {
            var left = budget - given;
            var share = Math.Min(left, Math.Max(EngineContext.TileRows, (left + readers - 1) / readers));
            readers = 0;
            var first = _turn;
            for (var i = 0; i < running.Count && given < budget; i++)
            {
                var at = (first + i) % running.Count;
                var generation = running[at];
                var rest = generation.Pending - generation.Scheduled;
                var all = share >= EngineContext.TileRows && rest < share + EngineContext.TileRows && rest <= room - given;
                var wanted = all ? rest : Math.Min(share, rest);
                var count = all ? rest : Math.Min(wanted, budget - given);
                if (count > 0)
                {
                    generation.Scheduled += count;
                    given += count;
                    readers += generation.Scheduled < generation.Pending ? 1 : 0;
                    _turn = count < wanted ? at : (at + 1) % running.Count;
                }
            }
        }

        return given;
    }
}
