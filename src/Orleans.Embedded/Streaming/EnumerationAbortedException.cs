namespace Orleans.Runtime;

/// <summary>
/// The producer of an enumeration has ended: its grain was deactivated, or its consumer did not ask for the next item in
/// time. When its silo is gone, the consumer gets <see cref="SiloUnavailableException"/>.
/// </summary>
public sealed class EnumerationAbortedException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public EnumerationAbortedException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Why the enumeration ended.</param>
    public EnumerationAbortedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Why the enumeration ended.</param>
    /// <param name="innerException">The cause.</param>
    public EnumerationAbortedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
