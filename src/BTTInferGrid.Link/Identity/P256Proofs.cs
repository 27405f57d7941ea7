using System.Security.Cryptography;

namespace BTTInferGrid.Link;

/// <summary>
/// Proofs by ECDSA P-256 keys. The identity is the fingerprint of the key, so nobody keeps a list of which key belongs to
/// which node.
/// </summary>
public sealed class P256ProofVerifier : INodeProofVerifier
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "p256";

    // A SubjectPublicKeyInfo of this curve has always this length, and a signature in DER at most this.
    private const int PublicKeyBytes = 91;
    private const int MaxSignatureBytes = 72;

    /// <inheritdoc/>
    public string Scheme => SchemeName;

    /// <summary>The identity of a public key.</summary>
    /// <param name="publicKey">The key as SubjectPublicKeyInfo.</param>
    public static string IdentityOf(ReadOnlySpan<byte> publicKey) =>
        $"{SchemeName}-{Convert.ToHexStringLower(SHA256.HashData(publicKey))}";

    /// <inheritdoc/>
    public string? Verify(LinkChallenge challenge, NodeProof proof)
    {
        if (proof.PublicKey.Length != PublicKeyBytes || proof.Signature.Length is 0 or > MaxSignatureBytes)
        {
            return null;
        }

        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(proof.PublicKey.Span, out _);

            // A key has other encodings, such as a hybrid point; each would be another identity of the same node.
            return IsP256(key) && proof.PublicKey.Span.SequenceEqual(key.ExportSubjectPublicKeyInfo()) && key.VerifyData(
                challenge.ToBytes(), proof.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                ? IdentityOf(proof.PublicKey.Span)
                : null;
        }
        catch (Exception error) when (error is CryptographicException or PlatformNotSupportedException)
        {
            // The bytes are not a public key. Of the second kind is the error of a point that is not on the curve.
            return null;
        }
    }

    internal static bool IsP256(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;
}
