namespace Orleans.Embedded.Networking;

/// <summary>Who this end of a connection is, whom it admits, and how the two ends prove who they are.</summary>
internal interface IHandshakePolicy
{
    PeerIdentity Self { get; }

    /// <summary>Why a peer is not let in, before it has proved anything; null if it may go on.</summary>
    CloseReason? Refuse(PeerIdentity peer);

    /// <summary>Makes this end's proof about a transcript, which no other handshake has.</summary>
    ValueTask<byte[]> ProveAsync(
        HandshakeSide self, PeerIdentity peer, ReadOnlyMemory<byte> transcript, CancellationToken cancellationToken);

    /// <summary>Whether the other end's proof is right.</summary>
    ValueTask<bool> VerifyAsync(
        HandshakeSide side,
        PeerIdentity peer,
        ReadOnlyMemory<byte> transcript,
        ReadOnlyMemory<byte> proof,
        CancellationToken cancellationToken);
}
