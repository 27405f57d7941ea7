namespace Orleans.Embedded.Networking;

/// <summary>Why a connection ended or did not begin. The numbers are the protocol.</summary>
internal enum CloseCode : byte
{
    /// <summary>The carrier ended without a word. Never sent.</summary>
    Lost = 0,

    /// <summary>The sender stops.</summary>
    Stopping = 1,

    /// <summary>The bytes are not the protocol.</summary>
    Malformed = 2,

    /// <summary>A frame is larger than allowed.</summary>
    TooLarge = 3,

    /// <summary>No byte came for too long.</summary>
    Silent = 4,

    /// <summary>The other side reads nothing.</summary>
    NotReading = 5,

    /// <summary>The handshake took too long.</summary>
    HandshakeTimeout = 6,

    /// <summary>The two sides have no version of the protocol in common.</summary>
    VersionMismatch = 7,

    /// <summary>The other side belongs to another cluster.</summary>
    WrongCluster = 8,

    /// <summary>The one who was called is not the one who answered.</summary>
    WrongTarget = 9,

    /// <summary>The proof is missing or wrong.</summary>
    NotAuthenticated = 10,

    /// <summary>The role is not served here, or the identity is barred.</summary>
    NotAdmitted = 11,

    /// <summary>A newer connection took the place of this one.</summary>
    Replaced = 12,

    /// <summary>Too many connections are being opened.</summary>
    Busy = 13,

    /// <summary>Too much of what came had to be refused.</summary>
    Misbehaved = 14,
}
