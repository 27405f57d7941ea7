using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A grain asks for a store that is not registered, or that cannot be used as configured.</summary>
public sealed class BadProviderConfigException : OrleansException
{
    /// <summary>Makes an exception without details.</summary>
    public BadProviderConfigException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="msg">What is wrong and how to correct it.</param>
    public BadProviderConfigException(string msg)
        : base(msg)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="msg">What is wrong and how to correct it.</param>
    /// <param name="exc">The cause.</param>
    public BadProviderConfigException(string msg, Exception exc)
        : base(msg, exc)
    {
    }
}
