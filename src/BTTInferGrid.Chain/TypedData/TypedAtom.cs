using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.RegularExpressions;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>Types that are not structs or arrays, and their values in JSON.</summary>
internal static partial class TypedAtom
{
    // Of the least int256, in decimal.
    private const int MaxNumberCharacters = 79;

    public static bool IsAtom(string type)
    {
        return type is "address" or "bool" or "string" or "bytes" || SizeOf(type, "uint", 8, 256) is not null
            || SizeOf(type, "int", 8, 256) is not null || SizeOf(type, "bytes", 1, 32) is not null;
    }

    /// <summary>Whether a name is of an atom, or may be mistaken for one: <c>uint</c> or <c>bytes33</c>.</summary>
    public static bool IsReserved(string name)
    {
        return ReservedName().IsMatch(name);
    }

    /// <exception cref="TypedDataException">The value is not of the type.</exception>
    public static byte[] Encode(string type, JsonElement value, string subject)
    {
        switch (type)
        {
            case "address":
                return TypedWord.Of(ReadAddress(value, subject));
            case "bool":
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? TypedWord.Of(value.GetBoolean())
                    : throw new TypedDataException($"{subject} is neither true nor false.");
            case "string":
                return TypedWord.OfHash(StrictUtf8.Encode(TypedJson.Text(value, subject)));
            case "bytes":
                return TypedWord.OfHash(ReadBytes(value, subject));
            default:
                return EncodeSized(type, value, subject);
        }
    }

    private static byte[] EncodeSized(string type, JsonElement value, string subject)
    {
        if (SizeOf(type, "uint", 8, 256) is { } unsigned)
        {
            return TypedWord.OfUnsigned(ReadNumber(value, subject), unsigned);
        }

        if (SizeOf(type, "int", 8, 256) is { } signed)
        {
            return TypedWord.OfSigned(ReadNumber(value, subject), signed);
        }

        var size = SizeOf(type, "bytes", 1, 32) ?? throw new TypedDataException($"the type {type} is not known.");
        var bytes = ReadBytes(value, subject);
        return bytes.Length == size
            ? TypedWord.OfFixed(bytes)
            : throw new TypedDataException($"{subject} has {bytes.Length} bytes where {type} has {size}.");
    }

    /// <returns>The number after a name, if it is one of the sizes that the type has.</returns>
    private static int? SizeOf(string type, string name, int least, int most)
    {
        // Only the number's one form is a type: uint08 is none.
        return type.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(type.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size >= least && size <= most && size % least == 0
            && type.Length == name.Length + (size > 99 ? 3 : size > 9 ? 2 : 1)
            ? size
            : null;
    }

    private static Address ReadAddress(JsonElement value, string subject)
    {
        try
        {
            return Address.Parse(TypedJson.Text(value, subject));
        }
        catch (FormatException error) when (error is not TypedDataException)
        {
            throw new TypedDataException($"{subject}: {error.Message}", error);
        }
    }

    private static byte[] ReadBytes(JsonElement value, string subject)
    {
        return HexText.Parse(TypedJson.Text(value, subject), int.MaxValue)
            ?? throw new TypedDataException($"{subject} is not 0x and pairs of hex digits.");
    }

    /// <summary>
    /// A whole number: as one in JSON, as decimal digits in a text, or as <c>0x</c> and hex digits in one.
    /// </summary>
    private static BigInteger ReadNumber(JsonElement value, string subject)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TypedJson.Text(value, subject);
        if (text.Length <= MaxNumberCharacters && DecimalNumber().IsMatch(text))
        {
            return BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        return text.Length <= MaxNumberCharacters && HexNumber().IsMatch(text)
            && value.ValueKind == JsonValueKind.String
            ? BigInteger.Parse($"0{text.AsSpan(2)}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : throw new TypedDataException($"{subject} is no whole number, in decimal or as 0x and hex digits.");
    }

    [GeneratedRegex(@"\A(address|bool|string|function|u?fixed[0-9x]*|bytes[0-9]*|u?int[0-9]*)\z")]
    private static partial Regex ReservedName();

    [GeneratedRegex(@"\A(0|-?[1-9][0-9]*)\z")]
    private static partial Regex DecimalNumber();

    [GeneratedRegex(@"\A0x[0-9A-Fa-f]+\z")]
    private static partial Regex HexNumber();
}
