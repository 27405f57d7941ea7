using System.Security.Cryptography;

namespace Orleans.Embedded.Edge;

/// <summary>
/// Identities that are keys: the identity is the fingerprint of an ECDSA P-256 public key, so nobody keeps a list of who has
/// which key. A proof is the public key (SubjectPublicKeyInfo) and a signature of the challenge.
/// </summary>
internal static class EdgeKey
{
    public const string Scheme = "p256";

    /// <summary>The bytes of a public key of this curve, always as many.</summary>
    private const int PublicKeyBytes = 91;

    private const int SignatureBytes = 64;

    public static string IdentityOf(ReadOnlySpan<byte> publicKey)
    {
        return $"{Scheme}-{Convert.ToHexStringLower(SHA256.HashData(publicKey))}";
    }

    public static byte[] Prove(ECDsa key, EdgeChallenge challenge)
    {
        return [.. key.ExportSubjectPublicKeyInfo(), .. key.SignData(challenge.ToBytes(), HashAlgorithmName.SHA256)];
    }

    public static bool Verify(EdgeChallenge challenge, ReadOnlySpan<byte> proof)
    {
        if (proof.Length != PublicKeyBytes + SignatureBytes
            || IdentityOf(proof[..PublicKeyBytes]) != challenge.Identity)
        {
            return false;
        }

        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(proof[..PublicKeyBytes], out _);
            return key.VerifyData(challenge.ToBytes(), proof[PublicKeyBytes..], HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            // The bytes are no public key.
            return false;
        }
    }
}
