using BTTInferGrid.Chain.Keys;
using BTTInferGrid.Chain.Primitives;
using BTTInferGrid.Chain.TypedData;
using BTTInferGrid.Link;

namespace BTTInferGrid.Chain.Nodes;

/// <summary>
/// Proofs by wallets, which sign the challenge as typed data (EIP-712). The identity is the wallet's address in lower
/// case, so a node is known to a grid as it is known to the contracts.
/// </summary>
public sealed class WalletProofVerifier : INodeProofVerifier
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "eip712";

    private static readonly Hash32 Separator = new TypedDomain("BTTInferGrid link", "1").Separator();

    /// <inheritdoc/>
    public string Scheme => SchemeName;

    /// <summary>The identity of a wallet.</summary>
    /// <param name="wallet">Its address.</param>
    public static string IdentityOf(Address wallet) => HexText.Format(wallet.ToBytes());

    /// <summary>The hash that a wallet signs.</summary>
    /// <param name="challenge">What is proved; both nonces have <see cref="LinkProtocol.NonceBytes"/> bytes.</param>
    public static Hash32 SigningHash(LinkChallenge challenge) => TypedStruct.SigningHash(
        Separator,
        new TypedStruct("Session")
            .AddText("grid", challenge.Grid)
            .AddText("audience", challenge.Audience)
            .AddText("role", challenge.Role)
            .AddBytes32("node", new Hash32(challenge.NodeNonce.Span))
            .AddBytes32("challenge", new Hash32(challenge.GridNonce.Span))
            .AddUInt("expires", challenge.Expires, 64)
            .Hash());

    /// <inheritdoc/>
    public string? Verify(LinkChallenge challenge, NodeProof proof)
    {
        if (proof.PublicKey.Length != Address.Bytes)
        {
            return null;
        }

        try
        {
            // From a signature of anything else follows an address too, another one: the claim tells the two apart.
            var signer = Signature.Parse(proof.Signature.Span).Recover(SigningHash(challenge));
            return signer == new Address(proof.PublicKey.Span) ? IdentityOf(signer) : null;
        }
        catch (SignatureException)
        {
            return null;
        }
    }
}

/// <summary>A wallet's key as the credential of a node, by scheme <c>eip712</c>. Thread safe.</summary>
/// <param name="key">The key, which the caller disposes after the last proof.</param>
public sealed class WalletCredential(PrivateKey key) : INodeCredential
{
    /// <inheritdoc/>
    public string Identity { get; } = WalletProofVerifier.IdentityOf(key.Address);

    /// <inheritdoc/>
    public NodeProof Prove(LinkChallenge challenge) => new(
        WalletProofVerifier.SchemeName, key.Address.ToBytes(), key.Sign(WalletProofVerifier.SigningHash(challenge)).ToBytes());
}
