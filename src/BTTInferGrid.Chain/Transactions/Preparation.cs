namespace BTTInferGrid.Chain.Transactions;

/// <summary>What a transaction needs, or why it cannot be sent.</summary>
internal sealed record Preparation
{
    public Preparation(ulong gasLimit, TransactionFees fees, ulong chainNonce)
    {
        GasLimit = gasLimit;
        Fees = fees;
        ChainNonce = chainNonce;
    }

    public Preparation(Refusal refusal)
    {
        Refusal = refusal;
    }

    /// <summary>Null if the transaction can be sent.</summary>
    public Refusal? Refusal { get; }

    public ulong GasLimit { get; }

    public TransactionFees Fees { get; } = new(0, null);

    /// <summary>The next nonce by the chain.</summary>
    public ulong ChainNonce { get; }
}
