using Org.BouncyCastle.Crypto.Digests;

namespace BTTInferGrid.Chain.Primitives;

/// <summary>Keccak-256, the hash of Ethereum: SHA-3 as it was before the standard changed its padding.</summary>
public static class Keccak
{
    /// <summary>How many bytes a hash has.</summary>
    public const int HashBytes = 32;

    // Some 400 bytes of state, which each hash leaves zeroed.
    [ThreadStatic]
    private static KeccakDigest? _digest;

    /// <summary>Hashes bytes.</summary>
    /// <param name="bytes">Those.</param>
    /// <param name="hash">Room for 32 bytes.</param>
    /// <exception cref="ArgumentException">There is less room.</exception>
    public static void Hash(ReadOnlySpan<byte> bytes, Span<byte> hash)
    {
        if (hash.Length < HashBytes)
        {
            throw new ArgumentException(
                $"A hash has {HashBytes} bytes, and there is room for {hash.Length}.", nameof(hash));
        }

        var digest = _digest ??= new KeccakDigest(8 * HashBytes);
        digest.BlockUpdate(bytes);
        digest.DoFinal(hash);
    }
}
