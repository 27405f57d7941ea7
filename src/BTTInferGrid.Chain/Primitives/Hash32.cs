using System.Buffers.Binary;

namespace BTTInferGrid.Chain.Primitives;

/// <summary>
/// 32 bytes: the hash of a block, a transaction or a message, a topic of a log, or a <c>bytes32</c> of a contract.
/// </summary>
public readonly record struct Hash32
{
    /// <summary>How many bytes it has.</summary>
    public const int Bytes = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <param name="bytes">32 bytes.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public Hash32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
        {
            throw new ArgumentException($"A hash has {Bytes} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The Keccak-256 hash of bytes.</summary>
    /// <param name="bytes">Those.</param>
    public static Hash32 Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        Keccak.Hash(bytes, hash);
        return new Hash32(hash);
    }

    /// <summary>Reads <c>0x</c> and 64 hex digits.</summary>
    /// <param name="text">The hash.</param>
    /// <exception cref="FormatException">The text is not a hash.</exception>
    public static Hash32 Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return HexText.Parse(text, Bytes) is { Length: Bytes } bytes
            ? new Hash32(bytes)
            : throw new FormatException("A hash is 0x and 64 hex digits.");
    }

    /// <summary>Orders hashes by their bytes, as contracts do.</summary>
    /// <param name="other">Another hash.</param>
    public int CompareTo(Hash32 other) =>
        (_first, _second, _third, _fourth).CompareTo((other._first, other._second, other._third, other._fourth));

    /// <summary>Writes the 32 bytes.</summary>
    /// <param name="destination">Room for them.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary><c>0x</c> and 64 hex digits in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        return HexText.Format(bytes);
    }
}
