namespace Orleans.Embedded.Networking;

/// <summary>A connection ended, or did not begin.</summary>
internal sealed class ConnectionClosedException(CloseReason reason, Exception? innerException = null)
    : Exception(reason.ToString(), innerException)
{
    public CloseReason Reason => reason;
}
