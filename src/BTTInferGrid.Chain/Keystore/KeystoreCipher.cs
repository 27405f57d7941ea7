using System.Security.Cryptography;
using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Keystore;

/// <summary>
/// The two uses of the derived key: AES-128 in counter mode, and Keccak-256 over it and the ciphertext.
/// </summary>
internal static class KeystoreCipher
{
    public const int InitialVectorBytes = 16;

    private const int HalfKey = KeyDerivation.KeyBytes / 2;

    /// <summary>Encrypts or decrypts the 32 bytes of a key: in counter mode both are the same.</summary>
    public static void Apply(ReadOnlySpan<byte> derivedKey, ReadOnlySpan<byte> initialVector, Span<byte> key)
    {
        using var aes = Aes.Create();
        aes.SetKey(derivedKey[..HalfKey]);
        Span<byte> counters = stackalloc byte[PrivateKey.Bytes];
        initialVector.CopyTo(counters);
        initialVector.CopyTo(counters[InitialVectorBytes..]);
        Increment(counters[InitialVectorBytes..]);
        Span<byte> stream = stackalloc byte[PrivateKey.Bytes];
        aes.EncryptEcb(counters, stream, PaddingMode.None);
        for (var i = 0; i < key.Length; i++)
        {
            key[i] ^= stream[i];
        }

        CryptographicOperations.ZeroMemory(stream);
    }

    public static byte[] Mac(ReadOnlySpan<byte> derivedKey, ReadOnlySpan<byte> ciphertext)
    {
        Span<byte> input = stackalloc byte[HalfKey + PrivateKey.Bytes];
        derivedKey[HalfKey..].CopyTo(input);
        ciphertext.CopyTo(input[HalfKey..]);
        var mac = new byte[Keccak.HashBytes];
        Keccak.Hash(input, mac);
        CryptographicOperations.ZeroMemory(input);
        return mac;
    }

    private static void Increment(Span<byte> counter)
    {
        for (var i = counter.Length - 1; i >= 0 && ++counter[i] == 0; i--)
        {
        }
    }
}
