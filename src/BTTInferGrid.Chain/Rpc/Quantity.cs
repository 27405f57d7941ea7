using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>
/// Numbers as JSON-RPC has them (EIP-1474): <c>0x</c> and hex digits without leading zeros, at most 256 bits.
/// </summary>
internal static class Quantity
{
    private const int MaxDigits = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static string Format(ulong value)
    {
        return $"0x{value:x}";
    }

    public static string Format(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);

        // The format puts a zero before a digit that would read as a sign.
        var digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : $"0x{digits}";
    }

    /// <exception cref="RpcMalformedException">The value is not such a number, or does not fit.</exception>
    public static ulong ReadUInt64(JsonElement element, string subject)
    {
        var value = ReadBig(element, subject);
        return value <= ulong.MaxValue
            ? (ulong)value
            : throw new RpcMalformedException(subject, "a number does not fit into 64 bits.");
    }

    /// <exception cref="RpcMalformedException">The value is not such a number.</exception>
    public static BigInteger ReadBig(JsonElement element, string subject)
    {
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : default;
        var isCanonical = digits.Length is > 0 and <= MaxDigits && (digits[0] != '0' || digits.Length == 1)
            && !digits.ContainsAnyExcept(HexDigits);
        return isCanonical
            ? BigInteger.Parse($"0{digits}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new RpcMalformedException(
                subject, "a number is not in the form 0x and hex digits without leading zeros.");
    }
}
