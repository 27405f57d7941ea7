using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>All that is signed.</summary>
/// <param name="ChainId">The EIP-155 id.</param>
/// <param name="Nonce">The place among the sender's transactions.</param>
/// <param name="To">The account or contract called; null makes a contract.</param>
/// <param name="Value">Wei sent along.</param>
/// <param name="Data">The call's data.</param>
/// <param name="GasLimit">Units of gas that may be used.</param>
/// <param name="Fees">What is paid for each unit.</param>
public sealed record UnsignedTransaction(
    ulong ChainId, ulong Nonce, Address? To, BigInteger Value, ReadOnlyMemory<byte> Data, ulong GasLimit,
    TransactionFees Fees);
