using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>A transaction as it goes to a node.</summary>
/// <param name="Hash">Its hash, by which receipts are asked for.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record SignedTransaction(Hash32 Hash, ReadOnlyMemory<byte> Bytes);
