namespace Orleans.Runtime;

/// <summary>The silo cannot start, or a grain cannot be activated, with the configuration it was given.</summary>
public sealed class OrleansConfigurationException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong and how to correct it.</param>
    public OrleansConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong and how to correct it.</param>
    /// <param name="innerException">The cause.</param>
    public OrleansConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
