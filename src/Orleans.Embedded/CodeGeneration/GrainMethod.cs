using System.ComponentModel;

namespace Orleans.Embedded.CodeGeneration;

/// <summary>One method of a grain interface, as generated code describes it.</summary>
/// <param name="interfaceName">The name of the interface.</param>
/// <param name="methodName">The name of the method, unique within the interface.</param>
/// <param name="options">How its requests are scheduled and answered.</param>
/// <param name="responseTimeout">How long a caller waits, or null for the silo's default.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainMethod(
    string interfaceName, string methodName, GrainMethodOptions options, string? responseTimeout = null)
{
    /// <summary>The name of the interface.</summary>
    public string InterfaceName { get; } = interfaceName;

    /// <summary>The name of the method, unique within the interface.</summary>
    public string MethodName { get; } = methodName;

    /// <summary>How requests are scheduled and answered.</summary>
    public GrainMethodOptions Options { get; } = options;

    /// <summary>How long a caller waits, or null for the silo's default.</summary>
    public TimeSpan? ResponseTimeout { get; } =
        responseTimeout is null ? null : new ResponseTimeoutAttribute(responseTimeout).Timeout;

    internal bool IsOneWay => (Options & GrainMethodOptions.OneWay) != 0;

    internal bool IsReadOnly => (Options & GrainMethodOptions.ReadOnly) != 0;

    internal bool IsEdgeCallable => (Options & GrainMethodOptions.EdgeCallable) != 0;

    internal bool IsAlwaysInterleave => (Options & GrainMethodOptions.AlwaysInterleave) != 0;

    /// <summary>The method as <c>Interface.Method</c>.</summary>
    public override string ToString()
    {
        return $"{InterfaceName}.{MethodName}";
    }
}
