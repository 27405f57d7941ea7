using System.Reflection;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans;

/// <summary>A request as a filter sees it.</summary>
public interface IGrainCallContext
{
    /// <summary>The method and its arguments.</summary>
    IInvokable Request { get; }

    /// <summary>The grain object at the callee, a reference at the caller.</summary>
    object Grain { get; }

    /// <summary>The grain called.</summary>
    GrainId TargetId { get; }

    /// <summary>The interface called.</summary>
    GrainInterfaceType InterfaceType { get; }

    /// <summary>The name of the interface, or its alias.</summary>
    string InterfaceName { get; }

    /// <summary>The name of the method, or its alias.</summary>
    string MethodName { get; }

    /// <summary>The method of the interface.</summary>
    MethodInfo InterfaceMethod { get; }

    /// <summary>
    /// The result after <see cref="Invoke"/>, which a filter may replace by one of the same type. Setting it instead of
    /// calling on answers the request, and settles an exception.
    /// </summary>
    object? Result { get; set; }

    /// <summary>Goes on with the next filter or the method. May be called again to try again.</summary>
    Task Invoke();
}

/// <summary>A request at the callee.</summary>
public interface IIncomingGrainCallContext : IGrainCallContext
{
    /// <summary>The activation called.</summary>
    IGrainContext TargetContext { get; }

    /// <summary>The method of the grain class.</summary>
    MethodInfo ImplementationMethod { get; }
}

/// <summary>A request at the caller.</summary>
public interface IOutgoingGrainCallContext : IGrainCallContext
{
    /// <summary>The activation that calls; null when a client does.</summary>
    IGrainContext? SourceContext { get; }
}
