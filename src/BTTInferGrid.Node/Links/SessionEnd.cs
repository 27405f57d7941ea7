using System.Globalization;
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
    public static SessionEnd Lost(RpcException error) => Lost(Printable(error.Status.Detail));

    /// <summary>The grid ended the session.</summary>
    public static SessionEnd Of(Goodbye goodbye) => new(
        goodbye.Reason is Goodbye.Types.Reason.Replaced or Goodbye.Types.Reason.NotAuthenticated
            or Goodbye.Types.Reason.NotAdmitted or Goodbye.Types.Reason.Outdated or Goodbye.Types.Reason.BrokenProtocol,
        TimeSpan.FromSeconds(goodbye.RetryAfter),
        $"the grid ended the session ({goodbye.Reason}): {Printable(goodbye.Text)}");

    /// <summary>A stranger's text as one line that changes nothing but the place where it is printed.</summary>
    public static string Printable(string text)
    {
        var clipped = text.Length > LinkProtocol.MaxReasonLength ? text[..LinkProtocol.MaxReasonLength] : text;
        return string.Create(clipped.Length, clipped, static (line, from) =>
        {
            for (var i = 0; i < line.Length; i++)
            {
                line[i] = CharUnicodeInfo.GetUnicodeCategory(from[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
                    or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                    ? '?'
                    : from[i];
            }
        });
    }
}

/// <summary>Ends a session before it has begun.</summary>
internal sealed class SessionEndException(SessionEnd end) : Exception(end.Reason)
{
    public SessionEnd End { get; } = end;
}
