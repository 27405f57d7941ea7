using System.Numerics;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>The account has less than a transaction may cost, on top of those that are under way.</summary>
public sealed class InsufficientFundsException : TransactionException
{
    internal InsufficientFundsException(string key, BigInteger required, BigInteger available)
        : base(key, $"'{key}' needs {required} wei and the account has {available}, so it was not sent. "
            + "Fund the account and submit it again.")
    {
        Required = required;
        Available = available;
    }

    /// <summary>Wei that the transaction and those under way may cost.</summary>
    public BigInteger Required { get; }

    /// <summary>Wei that the account has.</summary>
    public BigInteger Available { get; }
}
