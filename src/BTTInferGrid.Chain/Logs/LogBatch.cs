using BTTInferGrid.Chain.Blocks;

namespace BTTInferGrid.Chain.Logs;

/// <summary>The final logs of a range of blocks.</summary>
/// <param name="From">The first block of the range.</param>
/// <param name="To">The last block of the range.</param>
/// <param name="Logs">The logs in the order of the chain; none if nothing happened.</param>
public sealed record LogBatch(ulong From, ulong To, IReadOnlyList<LogEntry> Logs);
