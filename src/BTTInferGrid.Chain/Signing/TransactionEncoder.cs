using System.Numerics;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rlp;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Signing;

/// <summary>
/// Transactions as bytes. With a priority fee they are those of EIP-1559, with an empty access list; without, legacy
/// ones
/// that are bound to their chain by EIP-155.
/// </summary>
internal static class TransactionEncoder
{
    /// <summary>The first byte of a transaction of EIP-1559; legacy ones start as lists do.</summary>
    public const byte FeeMarketType = 2;

    /// <summary>EIP-155: v is twice the chain id, this, and the parity.</summary>
    public const int ChainVOffset = 35;

    /// <summary>The hash that the sender signs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not what a transaction can carry.</exception>
    public static Hash32 SigningHash(UnsignedTransaction transaction)
    {
        Check(transaction);
        var salt = IsLegacy(transaction) ? new[] { RlpItem.Of(transaction.ChainId), RlpItem.Of(0), RlpItem.Of(0) } : [];
        return Hash32.Of(Encode(transaction, salt));
    }

    /// <summary>The transaction with its signature, as it goes to a node, and its hash.</summary>
    public static SignedTransaction Seal(UnsignedTransaction transaction, Signature signature)
    {
        var parity = signature.IsOdd ? 1 : 0;
        var v = IsLegacy(transaction) ? (2 * (BigInteger)transaction.ChainId) + ChainVOffset + parity : parity;
        var bytes = Encode(
            transaction, [RlpItem.Of(v), RlpItem.Of(Number(signature.R)), RlpItem.Of(Number(signature.S))]);
        return new SignedTransaction(Hash32.Of(bytes), bytes);
    }

    private static byte[] Encode(UnsignedTransaction transaction, RlpItem[] tail)
    {
        var nonce = RlpItem.Of(transaction.Nonce);
        var maxFee = RlpItem.Of(transaction.Fees.MaxFee);
        RlpItem[] call =
        [
            RlpItem.Of(transaction.GasLimit), new RlpItem(transaction.To?.ToBytes()), RlpItem.Of(transaction.Value),
            new RlpItem(transaction.Data),
        ];
        if (transaction.Fees.PriorityFee is not { } priorityFee)
        {
            return RlpEncoder.Encode(new RlpItem([nonce, maxFee, .. call, .. tail]));
        }

        var noAccessList = new RlpItem([]);
        RlpItem[] fields =
            [RlpItem.Of(transaction.ChainId), nonce, RlpItem.Of(priorityFee), maxFee, .. call, noAccessList, .. tail];
        return [FeeMarketType, .. RlpEncoder.Encode(new RlpItem(fields))];
    }

    private static bool IsLegacy(UnsignedTransaction transaction)
    {
        return transaction.Fees.PriorityFee is null;
    }

    private static void Check(UnsignedTransaction transaction)
    {
        ArgumentOutOfRangeException.ThrowIfZero(transaction.ChainId);
        ThrowIfNoAmount(transaction.Value, "value");
        ThrowIfNoAmount(transaction.Fees.MaxFee, "greatest fee");
        ThrowIfNoAmount(transaction.Fees.PriorityFee ?? 0, "priority fee");
        if (transaction.Fees.PriorityFee > transaction.Fees.MaxFee)
        {
            throw new ArgumentOutOfRangeException(
                nameof(transaction), transaction.Fees.PriorityFee,
                "The priority fee is above the greatest fee, of which it is a part.");
        }
    }

    private static void ThrowIfNoAmount(BigInteger value, string name)
    {
        if (!Wei.IsAmount(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"The {name} is not from 0 to 2^256 - 1 wei.");
        }
    }

    private static BigInteger Number(Hash32 number)
    {
        return new BigInteger(number.ToBytes(), isUnsigned: true, isBigEndian: true);
    }
}
