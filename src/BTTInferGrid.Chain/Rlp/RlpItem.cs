using System.Numerics;

namespace BTTInferGrid.Chain.Rlp;

/// <summary>What RLP carries: bytes, or a list of such items.</summary>
internal sealed class RlpItem
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly IReadOnlyList<RlpItem>? _items;

    public RlpItem(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
    }

    public RlpItem(IReadOnlyList<RlpItem> items)
    {
        _items = items;
    }

    public bool IsList => _items is not null;

    /// <exception cref="RlpException">It is a list.</exception>
    public ReadOnlyMemory<byte> Bytes => IsList ? throw new RlpException("a list stands where bytes belong.") : _bytes;

    /// <exception cref="RlpException">It is bytes.</exception>
    public IReadOnlyList<RlpItem> Items => _items ?? throw new RlpException("bytes stand where a list belongs.");

    /// <summary>A number, as its big-endian bytes without leading zeros; zero is no bytes.</summary>
    public static RlpItem Of(BigInteger number)
    {
        return new RlpItem(number.IsZero ? default : number.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <exception cref="RlpException">It is a list, has leading zeros, or more bits.</exception>
    public BigInteger ReadNumber(int maxBits)
    {
        var number = new BigInteger(Bytes.Span, isUnsigned: true, isBigEndian: true);
        if (!Bytes.IsEmpty && Bytes.Span[0] == 0)
        {
            throw new RlpException("a number has leading zeros.");
        }

        return number.GetBitLength() <= maxBits
            ? number
            : throw new RlpException($"a number has more than {maxBits} bits.");
    }
}
