namespace Orleans.Embedded.Networking;

/// <summary>Which end of a connection.</summary>
internal enum HandshakeSide : byte
{
    /// <summary>Opened the connection.</summary>
    Caller = 1,

    /// <summary>Was called.</summary>
    Listener = 2,
}
