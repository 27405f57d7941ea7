using System.Buffers;

namespace BTTInferGrid.Link;

/// <summary>A node's proof, as it travels.</summary>
/// <param name="Scheme">How it is made.</param>
/// <param name="PublicKey">The public key; empty if the scheme needs none.</param>
/// <param name="Signature">The signature.</param>
public sealed record NodeProof(string Scheme, ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Signature);

/// <summary>The secret by which a node proves who it is.</summary>
public interface INodeCredential
{
    /// <summary>Who the node is.</summary>
    string Identity { get; }

    /// <summary>Proves it. Thread safe.</summary>
    /// <param name="challenge">What is proved.</param>
    NodeProof Prove(LinkChallenge challenge);
}

/// <summary>Checks the proofs of one scheme. Thread safe.</summary>
public interface INodeProofVerifier
{
    /// <summary>The scheme, as proofs name it.</summary>
    string Scheme { get; }

    /// <summary>Checks a proof.</summary>
    /// <param name="challenge">What must be proved.</param>
    /// <param name="proof">The proof of a stranger: any bytes.</param>
    /// <returns>Who the node is; null if the proof does not hold.</returns>
    string? Verify(LinkChallenge challenge, NodeProof proof);
}

/// <summary>Which texts are identities of nodes: they become keys of grains and appear in logs and URLs.</summary>
public static class NodeIdentity
{
    /// <summary>Longest identity.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether a text is an identity.</summary>
    public static bool IsValid(string? identity) =>
        identity is { Length: > 0 and <= MaxLength } && !identity.AsSpan().ContainsAnyExcept(Allowed);
}
