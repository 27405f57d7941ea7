using Orleans.Embedded.Clustering;
using Orleans.Runtime;

namespace Orleans.Embedded.Networking;

/// <summary>Core silos and clients recognise each other by the secret of their cluster; the dead are not let in.</summary>
internal sealed class NodePolicy(LocalNode node, IClusterMembership membership, ClusterSecret secret) : IHandshakePolicy
{
    public PeerIdentity Self { get; } = new(
        node.Address.IsClient ? NodeRole.Client : NodeRole.Silo, node.ClusterId, node.Address.ToParsableString());

    public CloseReason? Refuse(PeerIdentity peer)
    {
        if (peer.Role is not (NodeRole.Silo or NodeRole.Client)
            || !SiloAddress.TryParse(peer.Name, out var address)
            || address.IsClient != (peer.Role == NodeRole.Client)
            || address.Equals(node.Address))
        {
            return new CloseReason(CloseCode.NotAdmitted, "Only the other silos and the clients are served here.");
        }

        return membership.Current.StatusOf(address) == SiloStatus.Dead
            ? new CloseReason(CloseCode.NotAdmitted, $"{address} was declared dead.")
            : null;
    }

    public ValueTask<byte[]> ProveAsync(
        HandshakeSide self, PeerIdentity peer, ReadOnlyMemory<byte> transcript, CancellationToken cancellationToken)
    {
        return new ValueTask<byte[]>(secret.Prove(self, transcript.Span));
    }

    public ValueTask<bool> VerifyAsync(
        HandshakeSide side,
        PeerIdentity peer,
        ReadOnlyMemory<byte> transcript,
        ReadOnlyMemory<byte> proof,
        CancellationToken cancellationToken)
    {
        return new ValueTask<bool>(secret.Verify(side, transcript.Span, proof.Span));
    }
}
