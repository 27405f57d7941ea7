using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Signing;

/// <summary>Signs transactions with a key in memory.</summary>
/// <param name="key">The key, which stays its owner's to dispose.</param>
public sealed class TransactionSigner(PrivateKey key) : ITransactionSigner
{
    /// <inheritdoc/>
    public Address Address => key.Address;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A value is not what a transaction can carry.</exception>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public SignedTransaction Sign(UnsignedTransaction transaction)
    {
        return TransactionEncoder.Seal(transaction, key.Sign(TransactionEncoder.SigningHash(transaction)));
    }
}
