using System.Text.Json;
using BTTInferGrid.Chain.Primitives;

namespace BTTInferGrid.Chain.Keystore;

/// <summary>Parts of a keystore, which are what they should be or named in an error.</summary>
internal static class KeystoreJson
{
    /// <exception cref="KeystoreException">It is missing.</exception>
    public static JsonElement Get(JsonElement element, string name)
    {
        return TryGet(element, name) ?? throw new KeystoreException($"The keystore has no {name}.");
    }

    public static JsonElement? TryGet(JsonElement element, string name)
    {
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
    }

    /// <exception cref="KeystoreException">It is missing, or no text.</exception>
    public static string Text(JsonElement element, string name)
    {
        var value = Get(element, name);
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new KeystoreException($"The keystore's {name} is no text.");
    }

    /// <exception cref="KeystoreException">It is missing, or no whole number of 32 bits.</exception>
    public static int Number(JsonElement element, string name)
    {
        var value = Get(element, name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw new KeystoreException($"The keystore's {name} is no whole number of 32 bits.");
    }

    /// <exception cref="KeystoreException">They are missing, not hex digits, or fewer or more.</exception>
    public static byte[] Bytes(JsonElement element, string name, int least, int most)
    {
        return HexText.ParseDigits(Text(element, name), most) is { } bytes && bytes.Length >= least
            ? bytes
            : throw new KeystoreException($"The keystore's {name} is not the hex digits of {least} to {most} bytes.");
    }
}
