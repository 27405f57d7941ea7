using System.Buffers;
using System.Globalization;
using System.Text;

namespace BTTInferGrid.Link;

/// <summary>What a node proves: that it is there, now, for one grid, one front and one role.</summary>
/// <param name="Grid">Id of the grid.</param>
/// <param name="Audience">Host that the node dialled, in lower case, without the port.</param>
/// <param name="Role">What the node wants to be.</param>
/// <param name="NodeNonce">The node's nonce, <see cref="LinkProtocol.NonceBytes"/> bytes.</param>
/// <param name="GridNonce">The grid's nonce, as many bytes.</param>
/// <param name="Expires">Unix seconds after which the proof is worth nothing.</param>
public sealed record LinkChallenge(
    string Grid, string Audience, string Role, ReadOnlyMemory<byte> NodeNonce, ReadOnlyMemory<byte> GridNonce, long Expires)
{
    /// <summary>Longest grid id, audience or role.</summary>
    public const int MaxNameLength = 253;

    // Host names, IPv4 and IPv6 addresses, ids: nothing that could end a line of the signed text.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-[]");

    /// <summary>Whether a text may be a grid id, an audience or a role.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && !text.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>The bytes that the scheme <c>p256</c> signs; <c>link.proto</c> shows them.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"bttgrid.link.v1\ngrid: {Grid}\naudience: {Audience}\nrole: {Role}\n"
        + $"node: {Convert.ToHexStringLower(NodeNonce.Span)}\nchallenge: {Convert.ToHexStringLower(GridNonce.Span)}\nexpires: {Expires}"));
}
