namespace Orleans.Serialization;

/// <summary>A value is of a type that cannot cross between silos.</summary>
public sealed class CodecNotFoundException : SerializerException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public CodecNotFoundException()
        : base("A type has no codec.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Which type, and what to do.</param>
    public CodecNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Which type, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public CodecNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
