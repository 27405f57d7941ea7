namespace BTTInferGrid.Chain.Transactions;

/// <summary>
/// The nonce of a transaction was used by one that is not of this store. It is not sent again by itself: whoever used
/// the key may have done the same thing.
/// </summary>
public sealed class TransactionDisplacedException : TransactionException
{
    internal TransactionDisplacedException(string key, ulong nonce)
        : base(key, $"'{key}' was not carried out: another program that has the account's key used nonce {nonce}. "
            + "Look at what it did; if this is still wanted, submit it under another key. "
            + "Use one store for all programs that share a key.")
    {
        Nonce = nonce;
    }

    /// <summary>The nonce.</summary>
    public ulong Nonce { get; }
}
