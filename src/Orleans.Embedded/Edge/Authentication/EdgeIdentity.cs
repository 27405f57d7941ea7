using System.Buffers;

namespace Orleans.Embedded.Edge;

/// <summary>Which texts are identities: they become keys of grains and stand in logs.</summary>
internal static class EdgeIdentity
{
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    public static bool IsValid(string identity)
    {
        return identity.Length is > 0 and <= MaxLength && !identity.AsSpan().ContainsAnyExcept(Allowed);
    }
}
