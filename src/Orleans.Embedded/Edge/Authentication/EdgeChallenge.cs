using System.Buffers.Binary;
using System.Text;

namespace Orleans.Embedded.Edge;

/// <summary>
/// What an edge silo proves: that it is of an identity, to one cluster, on one connection, for a short time. A proof for one
/// cluster is thus worth nothing at another, and one that was overheard is worth nothing at all.
/// </summary>
/// <param name="clusterId">The cluster.</param>
/// <param name="identity">The identity that is claimed.</param>
/// <param name="nonce">What this connection alone has: a hash of the random bytes of both ends.</param>
public sealed class EdgeChallenge(string clusterId, string identity, ReadOnlyMemory<byte> nonce)
{
    /// <summary>The length of a nonce.</summary>
    public const int NonceBytes = 32;

    /// <summary>The most bytes that a proof may have.</summary>
    public const int MaxProofBytes = 8 * 1024;

    private const string Domain = "Orleans.Embedded.Edge/1";

    /// <summary>The cluster.</summary>
    public string ClusterId { get; } = clusterId;

    /// <summary>The identity that is claimed.</summary>
    public string Identity { get; } = identity;

    /// <summary>
    /// What this connection alone has, <see cref="NonceBytes"/> bytes: a hash of all that both ends said before, the random
    /// bytes of the gateway among it. It expires with the gateway's time limit for the handshake.
    /// </summary>
    public ReadOnlyMemory<byte> Nonce { get; } = nonce;

    /// <summary>
    /// The challenge as bytes to sign: a text that no other protocol signs, the cluster, the identity and the nonce, each
    /// with its length (4 bytes, big-endian) before it.
    /// </summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        Write(bytes, Encoding.UTF8.GetBytes(Domain));
        Write(bytes, Encoding.UTF8.GetBytes(ClusterId));
        Write(bytes, Encoding.UTF8.GetBytes(Identity));
        Write(bytes, Nonce.Span);
        return bytes.ToArray();
    }

    private static void Write(MemoryStream bytes, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        bytes.Write(length);
        bytes.Write(part);
    }
}
