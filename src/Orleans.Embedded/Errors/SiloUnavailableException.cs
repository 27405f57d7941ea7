namespace Orleans.Runtime;

/// <summary>
/// The silo that had the request is gone. Whether the request was executed is not known, unless it was never sent.
/// </summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public SiloUnavailableException()
        : base("The silo is not available.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="msg">Which silo, and what it means for the request.</param>
    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Which silo, and what it means for the request.</param>
    /// <param name="innerException">The cause.</param>
    public SiloUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
