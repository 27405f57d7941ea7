using System.Numerics;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>The chain asks for more per unit of gas than may be paid.</summary>
public sealed class FeeAboveCapException : TransactionException
{
    internal FeeAboveCapException(string key, BigInteger fee, BigInteger cap)
        : base(key, $"'{key}' was not sent: the chain asks {fee} wei per unit of gas, and at most {cap} may be paid. "
            + $"Submit it again when fees have fallen, or raise {nameof(TransactionOptions.MaxFeePerGas)}.")
    {
        Fee = fee;
        Cap = cap;
    }

    /// <summary>Wei per unit of gas that the chain asks.</summary>
    public BigInteger Fee { get; }

    /// <summary>Wei per unit of gas that may be paid.</summary>
    public BigInteger Cap { get; }
}
