using System.Buffers.Binary;
using System.Security.Cryptography;
using NBitcoin.Secp256k1;

namespace BTTInferGrid.Chain.Mnemonics;

/// <summary>A private key and its chain code, which lead to the keys below it (BIP-32).</summary>
internal sealed class ExtendedKey : IDisposable
{
    private const int KeyBytes = 32;

    private readonly byte[] _secret;
    private readonly byte[] _chainCode;

    /// <summary>The master key of a seed.</summary>
    public ExtendedKey(ReadOnlySpan<byte> seed)
    {
        Span<byte> digest = stackalloc byte[2 * KeyBytes];
        HMACSHA512.HashData("Bitcoin seed"u8, seed, digest);
        _secret = digest[..KeyBytes].ToArray();
        _chainCode = digest[KeyBytes..].ToArray();
        CryptographicOperations.ZeroMemory(digest);
    }

    /// <summary>Becomes the child with this number; numbers from 2^31 on are the hardened ones.</summary>
    public void Descend(uint number)
    {
        using var parent = ECPrivKey.Create(_secret);
        Span<byte> data = stackalloc byte[1 + KeyBytes + sizeof(uint)];
        if ((number & 0x8000_0000) != 0)
        {
            data[0] = 0;
            _secret.CopyTo(data[1..]);
        }
        else
        {
            parent.CreatePubKey().WriteToSpan(compressed: true, data, out _);
        }

        BinaryPrimitives.WriteUInt32BigEndian(data[^sizeof(uint)..], number);
        Span<byte> digest = stackalloc byte[2 * KeyBytes];
        HMACSHA512.HashData(_chainCode, data, digest);
        using var child = parent.TweakAdd(digest[..KeyBytes]);
        child.WriteToSpan(_secret);
        digest[KeyBytes..].CopyTo(_chainCode);
        CryptographicOperations.ZeroMemory(digest);
        CryptographicOperations.ZeroMemory(data);
    }

    public byte[] CopySecret()
    {
        return [.. _secret];
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        CryptographicOperations.ZeroMemory(_chainCode);
    }
}
