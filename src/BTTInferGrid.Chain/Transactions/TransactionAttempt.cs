using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>
/// Signed bytes that stand for an intent. All attempts of an intent have its nonce, so that at most one can be in a
/// chain.
/// </summary>
/// <param name="Number">Counts the attempts of the intent, from 0.</param>
/// <param name="Hash">The transaction's hash.</param>
/// <param name="Bytes">The signed bytes.</param>
/// <param name="GasLimit">Units of gas that may be used.</param>
/// <param name="Fees">What is paid for each unit.</param>
/// <param name="SentAt">When a node took it the last time, or else when it was signed.</param>
internal sealed record TransactionAttempt(
    int Number, Hash32 Hash, byte[] Bytes, ulong GasLimit, TransactionFees Fees, DateTimeOffset SentAt);
