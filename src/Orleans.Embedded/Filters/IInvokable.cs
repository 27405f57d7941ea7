using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A method and its arguments.</summary>
public interface IInvokable
{
    /// <summary>How many arguments there are, a cancellation token among them.</summary>
    int GetArgumentCount();

    /// <summary>An argument.</summary>
    /// <param name="index">Its position, from 0.</param>
    object? GetArgument(int index);

    /// <summary>Replaces an argument.</summary>
    /// <param name="index">Its position, from 0.</param>
    /// <param name="value">A value of the same type.</param>
    void SetArgument(int index, object value);

    /// <summary>The name of the method, or its alias.</summary>
    string GetMethodName();

    /// <summary>The name of the interface, or its alias.</summary>
    string GetInterfaceName();

    /// <summary>The method of the interface.</summary>
    MethodInfo GetMethod();

    /// <summary>How long the caller waits; null for the silo's time.</summary>
    TimeSpan? GetDefaultResponseTimeout();
}
