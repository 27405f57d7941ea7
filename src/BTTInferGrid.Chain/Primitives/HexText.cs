using System.Buffers;

namespace BTTInferGrid.Chain.Primitives;

/// <summary>Bytes as text: <c>0x</c> and two hex digits for each.</summary>
internal static class HexText
{
    public static string Format(ReadOnlySpan<byte> bytes)
    {
        return $"0x{Convert.ToHexStringLower(bytes)}";
    }

    /// <returns>Null if the text is not hex, or is of more bytes.</returns>
    public static byte[]? Parse(string text, int maxBytes)
    {
        if (!text.StartsWith("0x", StringComparison.Ordinal) || text.Length % 2 != 0
            || text.Length > 2 + (2L * maxBytes))
        {
            return null;
        }

        var bytes = new byte[(text.Length - 2) / 2];
        return Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }

    /// <returns>The text in lower case; null if it is not hex of just so many bytes.</returns>
    public static string? Canonical(string text, int bytes)
    {
        return Parse(text, bytes) is { } value && value.Length == bytes ? Format(value) : null;
    }
}
