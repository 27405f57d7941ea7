namespace BTTInferGrid.Compute;

/// <summary>What one silo reports of the miners of one model that it holds the sessions of.</summary>
/// <param name="Source">Id of what reports: another one for each silo, and for each start of it. 1 to <see cref="MaxSourceLength"/> characters.</param>
/// <param name="Sequence">Number of the report: 1, or one more than that of the report before it.</param>
/// <param name="IsComplete">
/// Whether <paramref name="Miners"/> are all miners of the source, so that others that it has reported are gone; otherwise they
/// are those of which something has changed.
/// </param>
/// <param name="Miners">The miners; empty in a report that only shows that the silo is alive.</param>
[GenerateSerializer, Immutable, Alias("grid.miner-report")]
public sealed record MinerReport(
    [property: Id(0)] string Source,
    [property: Id(1)] long Sequence,
    [property: Id(2)] bool IsComplete,
    [property: Id(3)] ImmutableArray<MinerStanding> Miners)
{
    /// <summary>Longest id of a source, in characters.</summary>
    public const int MaxSourceLength = 64;
}
