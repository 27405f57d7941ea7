using System.Numerics;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>EIP-712's <c>encodeData</c> of values that are not structs: 32 bytes for each.</summary>
internal static class TypedWord
{
    private const int Bytes = 32;

    public static byte[] Of(Address address)
    {
        var word = new byte[Bytes];
        address.CopyTo(word.AsSpan(Bytes - Address.Bytes));
        return word;
    }

    public static byte[] Of(bool value)
    {
        var word = new byte[Bytes];
        word[^1] = value ? (byte)1 : (byte)0;
        return word;
    }

    /// <exception cref="TypedDataException">The number is negative or has more bits.</exception>
    public static byte[] OfUnsigned(BigInteger number, int bits)
    {
        return number.Sign >= 0 && number.GetBitLength() <= bits
            ? Write(number)
            : throw new TypedDataException($"a number is no uint{bits}: it is from 0 to 2^{bits} - 1.");
    }

    /// <exception cref="TypedDataException">The number has more bits.</exception>
    public static byte[] OfSigned(BigInteger number, int bits)
    {
        // The sign takes a bit of its own.
        return number.GetBitLength() < bits
            ? Write(number)
            : throw new TypedDataException($"a number is no int{bits}: it is from -2^{bits - 1} to 2^{bits - 1} - 1.");
    }

    /// <summary>From <c>bytes1</c> to <c>bytes32</c>: with zeros after them.</summary>
    public static byte[] OfFixed(ReadOnlySpan<byte> bytes)
    {
        var word = new byte[Bytes];
        bytes.CopyTo(word);
        return word;
    }

    public static byte[] OfHash(ReadOnlySpan<byte> bytes)
    {
        var word = new byte[Bytes];
        Keccak.Hash(bytes, word);
        return word;
    }

    private static byte[] Write(BigInteger number)
    {
        var word = new byte[Bytes];
        word.AsSpan().Fill(number.Sign < 0 ? byte.MaxValue : (byte)0);
        var digits = number.ToByteArray(isUnsigned: number.Sign >= 0, isBigEndian: true);
        digits.CopyTo(word, Bytes - digits.Length);
        return word;
    }
}
