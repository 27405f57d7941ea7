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
        return text.StartsWith("0x", StringComparison.Ordinal) ? ParseDigits(text.AsSpan(2), maxBytes) : null;
    }

    /// <summary>Reads digits without <c>0x</c>.</summary>
    /// <returns>Null if they are not hex, or are of more bytes.</returns>
    public static byte[]? ParseDigits(ReadOnlySpan<char> digits, int maxBytes)
    {
        if (digits.Length % 2 != 0 || digits.Length / 2 > maxBytes)
        {
            return null;
        }

        var bytes = new byte[digits.Length / 2];
        return Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done ? bytes : null;
    }
}
