using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Blocks;

/// <summary>An event that a contract emitted.</summary>
/// <param name="Address">The contract.</param>
/// <param name="Topics">At most four: the event's signature hash, and its indexed values.</param>
/// <param name="Data">The values that are not indexed.</param>
/// <param name="BlockNumber">The height of the block.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="TransactionHash">The transaction that called the contract.</param>
/// <param name="LogIndex">The place among the logs of the block; with the block's hash it names the log.</param>
public sealed record LogEntry(
    Address Address, IReadOnlyList<Hash32> Topics, ReadOnlyMemory<byte> Data, ulong BlockNumber, Hash32 BlockHash,
    Hash32 TransactionHash, ulong LogIndex);
