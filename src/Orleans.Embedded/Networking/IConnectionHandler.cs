using Orleans.Embedded.Messaging;
using Orleans.Serialization;

namespace Orleans.Embedded.Networking;

/// <summary>Takes what a connection brings. No method blocks.</summary>
internal interface IConnectionHandler
{
    /// <summary>A message came. Its bytes are there during the call only.</summary>
    /// <exception cref="SerializerException">It makes no sense; the connection is closed for it.</exception>
    void OnMessage(Connection connection, ReadOnlySpan<byte> message);

    /// <summary>The peer wants no more messages: from here on none can be sent.</summary>
    void OnDraining(Connection connection);

    /// <summary>The connection ended. Called once; a message may be under way to the handler still.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="reason">Why.</param>
    /// <param name="unsent">The messages of which certainly no byte was sent.</param>
    void OnClosed(Connection connection, CloseReason reason, IReadOnlyList<Message> unsent);
}
