using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>The edge silo that the running call came from.</summary>
public static class EdgeCaller
{
    /// <summary>The name of the value of the <see cref="RequestContext"/> that has the identity.</summary>
    public const string ContextKey = "Orleans.Embedded.Edge.Identity";

    /// <summary>
    /// The authenticated identity of the edge silo at the beginning of the chain of calls that led here; null if the chain
    /// began inside the cluster. It flows on to the grains that are called in turn, as the request context does.
    /// </summary>
    public static string? Identity => RequestContext.Get(ContextKey) as string;

    /// <summary>The identity of the edge silo that calls.</summary>
    /// <exception cref="UnauthorizedAccessException">The call came from no edge silo.</exception>
    public static string RequireIdentity()
    {
        return Identity ?? throw new UnauthorizedAccessException("This call is for edge silos only.");
    }
}
