namespace Orleans.Serialization;

/// <summary>
/// Stands for an exception whose type this process does not know, or does not let others name. Message, stack and inner
/// exceptions are the original's.
/// </summary>
public sealed class UnavailableExceptionFallbackException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public UnavailableExceptionFallbackException()
        : base("An exception of an unknown type was thrown.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">The original's message.</param>
    public UnavailableExceptionFallbackException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">The original's message.</param>
    /// <param name="innerException">The original's cause.</param>
    public UnavailableExceptionFallbackException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The name of the original's type.</summary>
    public string ExceptionType { get; internal set; } = string.Empty;
}
