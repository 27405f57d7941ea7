using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Transactions;

/// <summary>Why an intent got no nonce, or was reverted, as it is stored.</summary>
/// <param name="Reason">The kind.</param>
/// <param name="Text">What the node said.</param>
/// <param name="Needed">What it takes, in the unit of the reason.</param>
/// <param name="Allowed">What there is.</param>
/// <param name="RevertData">What the contract returned.</param>
internal sealed record Refusal(
    RefusalReason Reason, string Text, BigInteger Needed, BigInteger Allowed, byte[] RevertData)
{
    private const int MaxRevertBytes = 64 << 10;

    public static Refusal Reverted(string text, string? data)
    {
        return new(RefusalReason.Reverted, text, 0, 0, data is null ? [] : HexText.Parse(data, MaxRevertBytes) ?? []);
    }

    public static Refusal Of(RefusalReason reason, BigInteger needed, BigInteger allowed)
    {
        return new(reason, "", needed, allowed, []);
    }

    public TransactionException ToException(string key, Hash32? hash)
    {
        return Reason switch
        {
            RefusalReason.Reverted => new TransactionRevertedException(key, Text, RevertData, hash),
            RefusalReason.InsufficientFunds => new InsufficientFundsException(key, Needed, Allowed),
            RefusalReason.FeeAboveCap => new FeeAboveCapException(key, Needed, Allowed),
            RefusalReason.GasAboveLimit => new GasAboveLimitException(key, (ulong)Needed, (ulong)Allowed),
            _ => throw new InvalidOperationException($"{Reason} is not a reason."),
        };
    }
}
