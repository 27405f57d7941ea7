using Orleans.Embedded.Networking;

namespace Orleans.Embedded.Tests.Networking;

/// <summary>A node that proves itself by a secret.</summary>
internal sealed class TestPolicy(
    string name, string secret = "secret", string cluster = "cluster", NodeRole role = NodeRole.Silo) : IHandshakePolicy
{
    private readonly ClusterSecret _secret = new(secret);

    public PeerIdentity Self { get; } = new(role, cluster, name);

    /// <summary>The name of a node that is not let in.</summary>
    public string? Barred { get; init; }

    public CloseReason? Refuse(PeerIdentity peer)
    {
        return peer.Name == Barred ? new CloseReason(CloseCode.NotAdmitted, $"{peer} is barred.") : null;
    }

    public ValueTask<byte[]> ProveAsync(
        HandshakeSide self, PeerIdentity peer, ReadOnlyMemory<byte> transcript, CancellationToken cancellationToken)
    {
        return new(_secret.Prove(self, transcript.Span));
    }

    public ValueTask<bool> VerifyAsync(
        HandshakeSide side,
        PeerIdentity peer,
        ReadOnlyMemory<byte> transcript,
        ReadOnlyMemory<byte> proof,
        CancellationToken cancellationToken)
    {
        return new(_secret.Verify(side, transcript.Span, proof.Span));
    }
}
