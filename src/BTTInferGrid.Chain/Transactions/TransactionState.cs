namespace BTTInferGrid.Chain.Transactions;

/// <summary>How far an intent has come. The numbers are stored.</summary>
public enum TransactionState
{
    /// <summary>It is stored and has no nonce yet: nothing is signed.</summary>
    Queued = 0,

    /// <summary>It has a nonce and signed bytes, which nodes may have.</summary>
    Sent = 1,

    /// <summary>It is in a block that is deep enough.</summary>
    Confirmed = 2,

    /// <summary>It is in a block that is deep enough, and the call was reverted: only its gas was paid.</summary>
    Reverted = 3,

    /// <summary>
    /// Its nonce was used by a transaction that was not sent from this store: it can never be in a block.
    /// </summary>
    Displaced = 4,

    /// <summary>It got no nonce, and nothing was signed. Submitting it again tries again.</summary>
    Refused = 5,
}
