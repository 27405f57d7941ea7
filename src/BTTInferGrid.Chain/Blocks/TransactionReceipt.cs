using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Blocks;

/// <summary>What became of a transaction in a block.</summary>
/// <param name="TransactionHash">The transaction.</param>
/// <param name="BlockNumber">The height of the block.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="Succeeded">False if the call was reverted; its gas was paid all the same.</param>
/// <param name="GasUsed">Units of gas.</param>
/// <param name="EffectiveGasPrice">Wei paid for each unit; null where the node does not say.</param>
/// <param name="ContractAddress">The contract that was made; null if none was.</param>
/// <param name="Logs">The events, in order.</param>
public sealed record TransactionReceipt(
    Hash32 TransactionHash, ulong BlockNumber, Hash32 BlockHash, bool Succeeded, ulong GasUsed,
    BigInteger? EffectiveGasPrice, Address? ContractAddress, IReadOnlyList<LogEntry> Logs);
