namespace Orleans.Embedded.Edge;

/// <summary>The edge silos that are connected to this core silo.</summary>
public interface IEdgeGateway
{
    /// <summary>Those that are connected now.</summary>
    IReadOnlyList<EdgeSiloInfo> EdgeSilos { get; }

    /// <summary>
    /// Ends the connection of an edge silo. It may come back: whoever wants to keep it out refuses it by the
    /// <see cref="IEdgeAuthenticator"/>.
    /// </summary>
    /// <param name="identity">Which one.</param>
    /// <param name="reason">Why. The edge silo is told.</param>
    /// <returns>Whether it was connected here.</returns>
    bool Disconnect(string identity, string reason);
}
