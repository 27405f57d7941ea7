using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.Rlp;
using BTTInferGrid.Chain.Transactions;

namespace BTTInferGrid.Chain.Signing;

/// <summary>
/// Reads signed transactions from bytes that anyone may have made, strictly: what it accepts encodes to the same bytes.
/// </summary>
public static class TransactionDecoder
{
    private const int LegacyFields = 9;
    private const int FeeMarketFields = 12;

    /// <summary>
    /// Reads a transaction of EIP-1559 or a legacy one with a chain id (EIP-155), and recovers its sender.
    /// </summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="TransactionFormatException">
    /// They are no such transaction, or one with an access list, or its signature is nobody's.
    /// </exception>
    public static DecodedTransaction Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var (transaction, signature) = bytes.Span.StartsWith([TransactionEncoder.FeeMarketType])
                ? ReadFeeMarket(RlpDecoder.Decode(bytes[1..]).Items)
                : ReadLegacy(RlpDecoder.Decode(bytes).Items);
            var sender = signature.Recover(TransactionEncoder.SigningHash(transaction));
            return new DecodedTransaction(Hash32.Of(bytes.Span), sender, transaction, signature);
        }
        catch (Exception error) when (error is RlpException or SignatureException or ArgumentOutOfRangeException)
        {
            throw new TransactionFormatException(error.Message, error);
        }
    }

    private static (UnsignedTransaction Transaction, Signature Signature) ReadLegacy(IReadOnlyList<RlpItem> fields)
    {
        CheckCount(fields, LegacyFields);
        var v = fields[6].ReadNumber(256) - TransactionEncoder.ChainVOffset;
        if (v.Sign < 0 || v / 2 > ulong.MaxValue)
        {
            throw new TransactionFormatException("its v holds no chain id, so that it could be sent on any chain.");
        }

        var transaction = new UnsignedTransaction(
            (ulong)(v / 2), ReadUInt64(fields[0]), ReadTo(fields[3]), fields[4].ReadNumber(256), fields[5].Bytes,
            ReadUInt64(fields[2]), new TransactionFees(fields[1].ReadNumber(256), null));
        return (transaction, new Signature(ReadHash(fields[7]), ReadHash(fields[8]), !v.IsEven));
    }

    private static (UnsignedTransaction Transaction, Signature Signature) ReadFeeMarket(IReadOnlyList<RlpItem> fields)
    {
        CheckCount(fields, FeeMarketFields);
        if (fields[8].Items.Count != 0)
        {
            throw new TransactionFormatException("it has an access list, which is not supported.");
        }

        var transaction = new UnsignedTransaction(
            ReadUInt64(fields[0]), ReadUInt64(fields[1]), ReadTo(fields[5]), fields[6].ReadNumber(256), fields[7].Bytes,
            ReadUInt64(fields[4]), new TransactionFees(fields[3].ReadNumber(256), fields[2].ReadNumber(256)));
        return (transaction, new Signature(ReadHash(fields[10]), ReadHash(fields[11]), fields[9].ReadNumber(1).IsOne));
    }

    private static void CheckCount(IReadOnlyList<RlpItem> fields, int count)
    {
        if (fields.Count != count)
        {
            throw new TransactionFormatException($"it has {fields.Count} fields and not {count}.");
        }
    }

    private static ulong ReadUInt64(RlpItem item)
    {
        return (ulong)item.ReadNumber(64);
    }

    private static Address? ReadTo(RlpItem item)
    {
        return item.Bytes.Length switch
        {
            0 => null,
            Address.Bytes => new Address(item.Bytes.Span),
            _ => throw new TransactionFormatException("its receiver has other than 20 bytes."),
        };
    }

    private static Hash32 ReadHash(RlpItem item)
    {
        Span<byte> bytes = stackalloc byte[Hash32.Bytes];
        bytes.Clear();
        var number = item.ReadNumber(256);
        var length = number.GetByteCount(isUnsigned: true);
        number.TryWriteBytes(bytes[^length..], out _, isUnsigned: true, isBigEndian: true);
        return new Hash32(bytes);
    }
}
