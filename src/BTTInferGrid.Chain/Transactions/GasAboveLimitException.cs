namespace BTTInferGrid.Chain.Transactions;

/// <summary>A call needs more gas than a transaction may have.</summary>
public sealed class GasAboveLimitException : TransactionException
{
    internal GasAboveLimitException(string key, ulong gas, ulong limit)
        : base(key, $"'{key}' was not sent: it needs {gas} units of gas, and at most {limit} may be used. "
            + $"Do less in one call, or raise {nameof(TransactionOptions.MaxGas)}.")
    {
        Gas = gas;
        Limit = limit;
    }

    /// <summary>Units of gas that the call needs, with the margin.</summary>
    public ulong Gas { get; }

    /// <summary>Units of gas that may be used.</summary>
    public ulong Limit { get; }
}
