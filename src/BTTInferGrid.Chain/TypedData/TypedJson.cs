using System.Text.Json;

namespace BTTInferGrid.Chain.TypedData;

/// <summary>Parts of typed data in JSON, which are what they should be or named in an error.</summary>
internal static class TypedJson
{
    /// <exception cref="TypedDataException">It is no object.</exception>
    public static JsonElement.ObjectEnumerator Members(JsonElement element, string subject)
    {
        return element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject()
            : throw new TypedDataException($"{subject} is no object.");
    }

    /// <exception cref="TypedDataException">It is no array.</exception>
    public static JsonElement.ArrayEnumerator Items(JsonElement element, string subject)
    {
        return element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray()
            : throw new TypedDataException($"{subject} is no array.");
    }

    /// <exception cref="TypedDataException">It is no text.</exception>
    public static string Text(JsonElement element, string subject)
    {
        return element.ValueKind == JsonValueKind.String
            ? element.GetString()!
            : throw new TypedDataException($"{subject} is no text.");
    }
}
