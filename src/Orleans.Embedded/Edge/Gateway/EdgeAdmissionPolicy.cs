using Orleans.Embedded.Networking;
using Orleans.Serialization;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The gateway's part of the handshake of one connection. It says nothing of itself but the cluster, and lets the
/// authenticator of the scheme decide.
/// </summary>
internal sealed class EdgeAdmissionPolicy(string clusterId, IEnumerable<IEdgeAuthenticator> authenticators, bool isFull)
    : IHandshakePolicy
{
    public PeerIdentity Self { get; } = new(NodeRole.Silo, clusterId, string.Empty);

    /// <summary>Why the authenticator refused; null if it did not.</summary>
    public string? Refusal { get; private set; }

    public CloseReason? Refuse(PeerIdentity peer)
    {
        return isFull ? new CloseReason(CloseCode.Busy, "The gateway has no room for more edge silos.")
            : peer.Role != NodeRole.Edge ? new CloseReason(CloseCode.NotAdmitted, "Only edge silos connect here.")
            : !EdgeIdentity.IsValid(peer.Name) ? new CloseReason(CloseCode.NotAdmitted, "The identity is malformed.")
            : null;
    }

    public ValueTask<byte[]> ProveAsync(
        HandshakeSide self, PeerIdentity peer, ReadOnlyMemory<byte> transcript, CancellationToken cancellationToken)
    {
        return new ValueTask<byte[]>(Array.Empty<byte>());
    }

    public async ValueTask<bool> VerifyAsync(
        HandshakeSide side,
        PeerIdentity peer,
        ReadOnlyMemory<byte> transcript,
        ReadOnlyMemory<byte> proof,
        CancellationToken cancellationToken)
    {
        try
        {
            var (scheme, bytes) = EdgeHandshake.ReadProof(proof.Span);
            var authenticator = authenticators.FirstOrDefault(
                item => string.Equals(item.Scheme, scheme, StringComparison.Ordinal));
            var admission = authenticator is null
                ? EdgeAdmission.Refused("The gateway does not know this way of proving.")
                : await authenticator.VerifyAsync(
                    EdgeHandshake.ChallengeOf(clusterId, peer.Name, transcript), bytes, cancellationToken);
            Refusal = admission.Reason;
            return admission.IsAccepted;
        }
        catch (SerializerException error)
        {
            Refusal = error.Message;
            return false;
        }
    }
}
