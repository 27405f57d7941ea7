using BTTInferGrid.Chain.Primitives;
using NBitcoin.Secp256k1;

namespace BTTInferGrid.Chain.Keys;

/// <summary>From public keys to the addresses that stand for them.</summary>
internal static class PublicKeys
{
    private const int PointBytes = 65;

    /// <summary>The last 20 bytes of the hash of the point's two coordinates.</summary>
    public static Address AddressOf(ECPubKey key)
    {
        Span<byte> point = stackalloc byte[PointBytes];
        key.WriteToSpan(compressed: false, point, out _);
        Span<byte> hash = stackalloc byte[Keccak.HashBytes];
        Keccak.Hash(point[1..], hash);
        return new Address(hash[^Address.Bytes..]);
    }
}
