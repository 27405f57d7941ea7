using System.Net.Sockets;
using BTTInferGrid.Link;
using BTTInferGrid.Link.V1;
using Grpc.Core;

namespace BTTInferGrid.Node.Links;

/// <summary>How a session ended.</summary>
/// <param name="IsTurnedAway">The grid does not want this node as it is; another front would not either.</param>
/// <param name="RetryAfter">How long the grid asks the node to stay away; 0 for not at all.</param>
/// <param name="Reason">For the log: one printable line.</param>
internal readonly record struct SessionEnd(bool IsTurnedAway, TimeSpan RetryAfter, string Reason)
{
    /// <summary>The node closed its session.</summary>
    public static SessionEnd Closed { get; } = Lost("the node stops");

    /// <summary>The front is gone, or does not keep to the protocol.</summary>
    public static SessionEnd Lost(string reason) => new(false, TimeSpan.Zero, reason);

    /// <summary>The stream broke.</summary>
    public static SessionEnd Lost(RpcException error) => Lost(ReasonOf(error));

    /// <summary>The grid ended the session.</summary>
    public static SessionEnd Of(Goodbye goodbye) => new(
        goodbye.Reason is Goodbye.Types.Reason.Replaced or Goodbye.Types.Reason.NotAuthenticated
            or Goodbye.Types.Reason.NotAdmitted or Goodbye.Types.Reason.Outdated or Goodbye.Types.Reason.BrokenProtocol,
        TimeSpan.FromSeconds(goodbye.RetryAfter),
        $"the grid ended the session ({goodbye.Reason}): {PrintableText.OneLine(goodbye.Text, LinkProtocol.MaxReasonLength)}");

    // What keeps a connection from being made is told by the system, not by gRPC.
    private static string ReasonOf(RpcException error) => PrintableText.OneLine(
        error.StatusCode == StatusCode.Unavailable && error.Status.DebugException?.GetBaseException() is SocketException socket
            ? $"cannot connect: {socket.Message}"
            : error.Status.Detail,
        LinkProtocol.MaxReasonLength);
}

/// <summary>Ends a session before it has begun.</summary>
internal sealed class SessionEndException(SessionEnd end) : Exception(end.Reason)
{
    public SessionEnd End { get; } = end;
}
