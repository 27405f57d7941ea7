using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Routing;

/// <summary>
/// What each silo reports of the miners of one model, and what follows for the routing table. Several silos may report the
/// same miner while its session moves: the latest report counts, and the miner is gone when none has it any more.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
internal sealed class MinerSources(RoutingTable table, TimeProvider time)
{
    private readonly Dictionary<string, Source> _sources = [];

    /// <summary>Takes in a report.</summary>
    /// <returns>False if the source is unknown or a report is missing, so that a complete one is needed.</returns>
    public bool Apply(MinerReport report)
    {
        if (!_sources.TryGetValue(report.Source, out var source))
        {
            if (!report.IsComplete)
            {
                return false;
            }

            source = new Source();
            _sources.Add(report.Source, source);
        }

        source.ReportedAt = time.GetTimestamp();
        if (report.Sequence <= source.Sequence)
        {
            // A later one has overtaken it.
            return true;
        }

        if (!report.IsComplete && report.Sequence != source.Sequence + 1)
        {
            return false;
        }

        source.Sequence = report.Sequence;
        if (report.IsComplete)
        {
            RemoveOthers(source, report.Miners);
        }

        foreach (var standing in report.Miners)
        {
            Take(source, standing);
        }

        return true;
    }

    /// <summary>Counts the silence of all sources from now on.</summary>
    public void BeginAnew()
    {
        foreach (var source in _sources.Values)
        {
            source.ReportedAt = time.GetTimestamp();
        }
    }

    /// <summary>Ends the miners of sources that have not reported for a time.</summary>
    /// <param name="limit">The time.</param>
    /// <returns>The sources, each with how many miners it had.</returns>
    public IReadOnlyList<(string Source, int Miners)> RemoveSilent(TimeSpan limit)
    {
        List<(string, int)>? silent = null;
        foreach (var (id, source) in _sources)
        {
            if (time.GetElapsedTime(source.ReportedAt) > limit)
            {
                _sources.Remove(id);
                (silent ??= []).Add((id, source.Miners.Count));
                foreach (var standing in source.Miners.Values)
                {
                    Lose(Gone(standing, "its silo stopped reporting."));
                }
            }
        }

        return silent ?? [];
    }

    private void RemoveOthers(Source source, ImmutableArray<MinerStanding> miners)
    {
        var kept = new HashSet<string>(miners.Length);
        foreach (var standing in miners)
        {
            kept.Add(standing.Offer.MinerId);
        }

        foreach (var (minerId, standing) in source.Miners)
        {
            if (!kept.Contains(minerId))
            {
                Take(source, Gone(standing, "its silo reports it no longer."));
            }
        }
    }

    private void Take(Source source, MinerStanding standing)
    {
        if (standing.State == MinerState.Gone)
        {
            source.Miners.Remove(standing.Offer.MinerId);
            Lose(standing);
        }
        else
        {
            source.Miners[standing.Offer.MinerId] = standing;
            table.Update(standing);
        }
    }

    // The miner is where another source has it, if one does.
    private void Lose(MinerStanding gone)
    {
        foreach (var source in _sources.Values)
        {
            if (source.Miners.TryGetValue(gone.Offer.MinerId, out var standing))
            {
                table.Update(standing);
                return;
            }
        }

        table.Update(gone);
    }

    private MinerStanding Gone(MinerStanding standing, string reason) =>
        standing with { State = MinerState.Gone, Reason = reason, Since = time.GetUtcNow() };

    private sealed class Source
    {
        public long Sequence { get; set; }

        public long ReportedAt { get; set; }

        /// <summary>The miners that it has, by id.</summary>
        public Dictionary<string, MinerStanding> Miners { get; } = [];
    }
}
