using System.Diagnostics.CodeAnalysis;
using BTTInferGrid.Chain.Primitives;
using NBitcoin.Secp256k1;

namespace BTTInferGrid.Chain.Keys;

/// <summary>
/// A signature from which its signer's address is recovered. There is one form of each: r and s are from 1 to the order
/// of
/// the curve less one, and s is in the lower half (EIP-2), so that nobody makes a second signature of a first.
/// </summary>
public sealed record Signature
{
    /// <summary>How many bytes a signature has: r, s and v.</summary>
    public const int Bytes = 65;

    private const byte FirstV = 27;

    /// <param name="r">The number r, big endian.</param>
    /// <param name="s">The number s, big endian.</param>
    /// <param name="isOdd">
    /// Whether the y of the point that r is of is odd; EIP-1559's <c>signature_y_parity</c>.
    /// </param>
    /// <exception cref="SignatureException">A number is out of range, or s is in the upper half.</exception>
    public Signature(Hash32 r, Hash32 s, bool isOdd)
    {
        var sNumber = ReadScalar(s);
        if (ReadScalar(r).IsZero || sNumber.IsZero)
        {
            throw new SignatureException("r or s is not from 1 to the order of the curve less one.");
        }

        if (sNumber.IsHigh)
        {
            throw new SignatureException(
                "s is in the upper half of the range, which makes it a second form of another.");
        }

        R = r;
        S = s;
        IsOdd = isOdd;
    }

    /// <summary>The number r, big endian.</summary>
    public Hash32 R { get; }

    /// <summary>The number s, big endian.</summary>
    public Hash32 S { get; }

    /// <summary>Whether the y of the point that r is of is odd.</summary>
    public bool IsOdd { get; }

    /// <summary>Reads 65 bytes: r, s, and v, which is 27 or 28. Contracts take no other form.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="SignatureException">They are not a signature.</exception>
    public static Signature Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
        {
            throw new SignatureException($"it has {bytes.Length} bytes and not {Bytes}.");
        }

        var parity = bytes[^1] - FirstV;
        return parity is 0 or 1
            ? new Signature(new Hash32(bytes[..32]), new Hash32(bytes[32..64]), parity == 1)
            : throw new SignatureException($"its last byte is {bytes[^1]} and not 27 or 28.");
    }

    /// <summary>
    /// The address of the key that signed a hash: of any hash there is one, so compare it with who should have.
    /// </summary>
    /// <param name="hash">The hash of what is signed.</param>
    /// <exception cref="SignatureException">No key gives this signature of that hash.</exception>
    public Address Recover(Hash32 hash)
    {
        return TryRecover(hash, out var address) ? address.Value : throw new SignatureException("no key gives it.");
    }

    /// <summary>Whether it is the signature of a hash by the key of an address.</summary>
    /// <param name="signer">The address.</param>
    /// <param name="hash">The hash of what is signed.</param>
    public bool IsBy(Address signer, Hash32 hash)
    {
        return TryRecover(hash, out var address) && address == signer;
    }

    /// <summary>The 65 bytes: r, s, and v, which is 27 or 28.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Bytes];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(32));
        bytes[^1] = (byte)(FirstV + (IsOdd ? 1 : 0));
        return bytes;
    }

    /// <summary>The 65 bytes as <c>0x</c> and hex digits.</summary>
    public override string ToString()
    {
        return HexText.Format(ToBytes());
    }

    /// <returns>Zero for a number that is out of range, as zero itself is.</returns>
    private static Scalar ReadScalar(Hash32 number)
    {
        var scalar = new Scalar(number.ToBytes(), out var overflow);
        return overflow == 0 ? scalar : Scalar.Zero;
    }

    private bool TryRecover(Hash32 hash, [NotNullWhen(true)] out Address? address)
    {
        var signature = new SecpRecoverableECDSASignature(
            new SecpECDSASignature(ReadScalar(R), ReadScalar(S), enforceCheck: false), IsOdd ? 1 : 0);
        address = ECPubKey.TryRecover(Context.Instance, signature, hash.ToBytes(), out var key)
            ? PublicKeys.AddressOf(key)
            : null;
        return address is not null;
    }
}
