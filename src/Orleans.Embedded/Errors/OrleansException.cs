namespace Orleans.Runtime;

/// <summary>The base of failures that the runtime reports.</summary>
public class OrleansException : Exception
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public OrleansException()
        : base("The grain runtime failed.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What failed.</param>
    public OrleansException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
