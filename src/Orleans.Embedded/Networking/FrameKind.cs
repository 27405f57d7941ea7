namespace Orleans.Embedded.Networking;

/// <summary>What a frame is for. The numbers are the protocol.</summary>
internal enum FrameKind : byte
{
    /// <summary>The first frame of who opened the connection: who it is, whom it wants, what it speaks.</summary>
    Hello = 1,

    /// <summary>The answer of who was called: who it is, and what the proofs are about.</summary>
    Challenge = 2,

    /// <summary>The caller's proof that it belongs to the cluster.</summary>
    Proof = 3,

    /// <summary>The other side's proof; from here on messages may be sent.</summary>
    Welcome = 4,

    /// <summary>The last frame: why the sender ends the connection, or does not let it begin.</summary>
    Close = 5,

    /// <summary>One message.</summary>
    Message = 16,

    /// <summary>Says only that the sender is alive.</summary>
    Ping = 17,

    /// <summary>The sender is about to stop: it wants no more messages.</summary>
    Drain = 18,

    /// <summary>The answer to <see cref="Drain"/>: no more messages will come.</summary>
    Drained = 19,
}
