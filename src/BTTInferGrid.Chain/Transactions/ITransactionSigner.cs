using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>Signs the transactions of one account.</summary>
public interface ITransactionSigner
{
    /// <summary>The account.</summary>
    Address Address { get; }

    /// <summary>Signs a transaction; quickly, because the store is locked meanwhile.</summary>
    /// <param name="transaction">The transaction.</param>
    SignedTransaction Sign(UnsignedTransaction transaction);
}
