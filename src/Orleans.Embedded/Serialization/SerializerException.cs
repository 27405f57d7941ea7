namespace Orleans.Serialization;

/// <summary>A value could not be written to, or read from, the format that crosses between silos.</summary>
public class SerializerException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public SerializerException()
        : base("A value could not be serialised.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What could not be written or read, and what to do.</param>
    public SerializerException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What could not be written or read, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public SerializerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
