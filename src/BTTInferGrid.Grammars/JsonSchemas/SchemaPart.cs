using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>One object of a schema. A keyword that is missing or null reads as null; one of the wrong type is refused.</summary>
/// <param name="Element">The object.</param>
/// <param name="Path">Its path, for errors.</param>
/// <param name="Keywords">Its keywords that constrain a value.</param>
internal sealed record SchemaPart(JsonElement Element, string Path, IReadOnlyList<string> Keywords)
{
    public static SchemaPart Read(JsonElement element, string path) => new(element, path, SchemaKeywords.Read(element, path));

    public bool Has(string keyword) => Keywords.Contains(keyword);

    public string PathOf(string keyword) => $"{Path}.{keyword}";

    public JsonElement? Find(string keyword) =>
        Element.TryGetProperty(keyword, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string keyword) => Find(keyword) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => JsonText.Read(value, PathOf(keyword)),
        { } value => throw WrongType(keyword, "a string", value),
    };

    /// <summary>A keyword that is a count of items or characters.</summary>
    public int? Count(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
        {
            throw WrongType(keyword, "an integer", value);
        }

        return number is >= 0 and <= int.MaxValue ? (int)number : throw SchemaException.Invalid(
            PathOf(keyword), $"'{PathOf(keyword)}' is {number}; it must be between 0 and {int.MaxValue}.");
    }

    /// <summary>The entries of a keyword that is an array of at least one entry.</summary>
    public List<(JsonElement Element, string Path)>? Entries(string keyword)
    {
        if (Find(keyword) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
            ? [.. value.EnumerateArray().Select((entry, i) => (entry, $"{PathOf(keyword)}[{i}]"))]
            : throw WrongType(keyword, "an array with at least one entry", value);
    }

    public SchemaException WrongType(string keyword, string expected, JsonElement value) =>
        SchemaException.WrongType(PathOf(keyword), $"{expected}, not {Describe(value)}");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => JsonText.Clip(value.GetRawText()),
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
