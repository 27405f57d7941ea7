using System.Security.Cryptography;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.Serialization;

namespace Orleans.Embedded.Edge;

/// <summary>
/// An edge silo's part of the handshake: it proves its identity. The gateway proves nothing here; the edge silo knows it by
/// its TLS certificate.
/// </summary>
internal sealed class EdgeHandshake(IEdgeCredential credential, string clusterId) : IHandshakePolicy
{
    public PeerIdentity Self { get; } = new(NodeRole.Edge, clusterId, credential.Identity);

    /// <summary>A proof as it crosses: the name of the scheme, and what the credential made.</summary>
    public static byte[] WriteProof(string scheme, byte[] proof)
    {
        using var writer = new WireWriter(null);
        Codecs.String.WriteField(writer, 1, scheme);
        Codecs.ByteArray.WriteField(writer, 2, proof);
        return writer.Written.ToArray();
    }

    /// <exception cref="SerializerException">It is none.</exception>
    public static (string Scheme, byte[] Proof) ReadProof(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload, null);
        var (scheme, proof) = (string.Empty, Array.Empty<byte>());
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number)
            {
                case 1:
                    scheme = Codecs.String.ReadField(ref reader, type) ?? string.Empty;
                    break;
                case 2:
                    proof = Codecs.ByteArray.ReadField(ref reader, type) ?? [];
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return (scheme, proof);
    }

    /// <summary>The challenge that a handshake is: its transcript has random bytes of both ends and all that was said.</summary>
    public static EdgeChallenge ChallengeOf(string clusterId, string identity, ReadOnlyMemory<byte> transcript)
    {
        return new EdgeChallenge(clusterId, identity, SHA256.HashData(transcript.Span));
    }

    public CloseReason? Refuse(PeerIdentity peer)
    {
        return peer.Role == NodeRole.Silo ? null : new CloseReason(CloseCode.NotAdmitted, "This is no gateway.");
    }

    public async ValueTask<byte[]> ProveAsync(
        HandshakeSide self, PeerIdentity peer, ReadOnlyMemory<byte> transcript, CancellationToken cancellationToken)
    {
        var challenge = ChallengeOf(clusterId, credential.Identity, transcript);
        return WriteProof(credential.Scheme, await credential.ProveAsync(challenge, cancellationToken));
    }

    public ValueTask<bool> VerifyAsync(
        HandshakeSide side,
        PeerIdentity peer,
        ReadOnlyMemory<byte> transcript,
        ReadOnlyMemory<byte> proof,
        CancellationToken cancellationToken)
    {
        return new ValueTask<bool>(true);
    }
}
