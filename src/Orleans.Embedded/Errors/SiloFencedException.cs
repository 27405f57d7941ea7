using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>
/// Something was refused because the silo cannot prove that it is a member of its cluster: another silo may act in its
/// place. Nothing was changed.
/// </summary>
public sealed class SiloFencedException : OrleansException
{
    /// <summary>Makes an exception without a message of its own.</summary>
    public SiloFencedException()
        : base("The silo cannot prove that it is a member of its cluster.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was refused, and why.</param>
    public SiloFencedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was refused, and why.</param>
    /// <param name="innerException">The cause.</param>
    public SiloFencedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
