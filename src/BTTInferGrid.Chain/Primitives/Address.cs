using System.Buffers.Binary;
using System.Text;

namespace BTTInferGrid.Chain.Primitives;

/// <summary>The address of an account or a contract: 20 bytes.</summary>
public readonly record struct Address
{
    /// <summary>How many bytes an address has.</summary>
    public const int Bytes = 20;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    /// <param name="bytes">20 bytes.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
        {
            throw new ArgumentException($"An address has {Bytes} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>No one's address: 20 zeros.</summary>
    public static Address Zero => default;

    /// <summary>
    /// Reads <c>0x</c> and 40 hex digits. Letters of both cases are a checksum (EIP-55), which is checked, so that a
    /// mistyped address is noticed; letters of one case carry none.
    /// </summary>
    /// <param name="text">The address.</param>
    /// <exception cref="AddressChecksumException">The text is an address with a wrong checksum.</exception>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static Address Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (HexText.Parse(text, Bytes) is not { Length: Bytes } bytes)
        {
            throw new FormatException("An address is 0x and 40 hex digits.");
        }

        var address = new Address(bytes);
        var digits = text.AsSpan(2);
        var hasChecksum = digits.ContainsAnyInRange('a', 'f') && digits.ContainsAnyInRange('A', 'F');
        return hasChecksum && text != address.ToString() ? throw new AddressChecksumException(text) : address;
    }

    /// <summary>Orders addresses by their bytes, as contracts do.</summary>
    /// <param name="other">Another address.</param>
    public int CompareTo(Address other) =>
        (_first, _second, _third).CompareTo((other._first, other._second, other._third));

    /// <summary>Writes the 20 bytes.</summary>
    /// <param name="destination">Room for them.</param>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _third);
    }

    /// <summary>The 20 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The address with the checksum of EIP-55 in the case of its letters.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        CopyTo(bytes);
        Span<byte> digits = stackalloc byte[2 * Bytes];
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes), digits);
        Span<byte> hash = stackalloc byte[Keccak.HashBytes];
        Keccak.Hash(digits, hash);
        for (var i = 0; i < digits.Length; i++)
        {
            var nibble = (i & 1) == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0xf;
            if (nibble >= 8 && digits[i] >= (byte)'a')
            {
                digits[i] -= 'a' - 'A';
            }
        }

        return "0x" + Encoding.ASCII.GetString(digits);
    }
}
