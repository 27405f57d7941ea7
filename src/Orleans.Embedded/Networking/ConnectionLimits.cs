using Orleans.Embedded.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>What one connection may cost.</summary>
internal sealed record ConnectionLimits
{
    /// <summary>Bytes of one message, both ways.</summary>
    public int MaxMessageBytes { get; init; } = WireLimits.MaxBytes;

    /// <summary>
    /// Bytes that wait to be written; a message that finds others waiting and does not fit is refused. What is being
    /// written counts extra, so that a connection to a slow reader holds up to twice as much.
    /// </summary>
    public int MaxQueuedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long the handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A side that sent nothing for so long sends a ping.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After so many intervals without a byte, or without the peer reading one, the connection is closed. They are
    /// counted, not timed, so that a process that was stopped for a while does not blame its peers.
    /// </summary>
    public int MaxSilentIntervals { get; init; } = 5;
}
