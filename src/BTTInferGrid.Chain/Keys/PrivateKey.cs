using System.Security.Cryptography;
using BTTInferGrid.Chain.Primitives;
using NBitcoin.Secp256k1;

namespace BTTInferGrid.Chain.Keys;

/// <summary>
/// The private key of an account, on the curve secp256k1. It lies in memory that is zeroed when it is disposed, and as
/// text
/// it is its address.
/// </summary>
public sealed class PrivateKey : IDisposable
{
    /// <summary>How many bytes a private key has.</summary>
    public const int Bytes = 32;

    private readonly ECPrivKey _key;

    /// <param name="secret">32 bytes, which the caller should zero after use.</param>
    /// <exception cref="PrivateKeyException">They are not a key of the curve.</exception>
    public PrivateKey(ReadOnlySpan<byte> secret)
    {
        // The library takes what is longer and reads its start.
        if (secret.Length != Bytes || !Context.Instance.TryCreateECPrivKey(secret, out var key))
        {
            throw new PrivateKeyException();
        }

        _key = key;
        Address = PublicKeys.AddressOf(key.CreatePubKey());
    }

    /// <summary>The address of the account.</summary>
    public Address Address { get; }

    /// <summary>A new key, from the system's randomness.</summary>
    public static PrivateKey Create()
    {
        Span<byte> secret = stackalloc byte[Bytes];
        try
        {
            // All but one in 2^128 of such numbers are keys.
            do
            {
                RandomNumberGenerator.Fill(secret);
            }
            while (!IsKey(secret));

            return new PrivateKey(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>
    /// Signs a hash: the same key and hash give the same signature (RFC 6979), of whose two forms it is the one with
    /// the
    /// lower s (EIP-2).
    /// </summary>
    /// <param name="hash">The hash of what is signed.</param>
    /// <exception cref="ObjectDisposedException">The key is disposed.</exception>
    public Signature Sign(Hash32 hash)
    {
        Span<byte> digest = stackalloc byte[Hash32.Bytes];
        hash.CopyTo(digest);
        if (!_key.TrySignRecoverable(digest, out var signature) || signature is null)
        {
            throw new CryptographicException("The key gave no signature.");
        }

        signature.Deconstruct(out var r, out var s, out var parity);
        return new Signature(new Hash32(r.ToBytes()), new Hash32(s.ToBytes()), parity == 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
    }

    /// <summary>The address.</summary>
    public override string ToString()
    {
        return Address.ToString();
    }

    /// <summary>Writes the 32 bytes of the key.</summary>
    /// <param name="secret">Room for them, which the caller zeroes.</param>
    public void CopyTo(Span<byte> secret)
    {
        _key.WriteToSpan(secret);
    }

    private static bool IsKey(ReadOnlySpan<byte> secret)
    {
        using var key = Context.Instance.TryCreateECPrivKey(secret, out var created) ? created : null;
        return key is not null;
    }
}
