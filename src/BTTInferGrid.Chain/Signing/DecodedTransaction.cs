using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Signing;

/// <summary>A transaction read from its bytes.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Sender">Whose signature it has.</param>
/// <param name="Transaction">What was signed.</param>
/// <param name="Signature">The signature.</param>
public sealed record DecodedTransaction(
    Hash32 Hash, Address Sender, UnsignedTransaction Transaction, Signature Signature);
