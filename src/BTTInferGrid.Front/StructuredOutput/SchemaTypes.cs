using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>The keyword <c>type</c>.</summary>
internal static class SchemaTypes
{
    private static readonly string[] Known = ["object", "array", "string", "number", "integer", "boolean", "null"];

    /// <summary>The types that a schema names; null when it names none.</summary>
    /// <exception cref="ApiException">One is unknown.</exception>
    public static List<string>? Read(SchemaPart part) => part.Fields.Find("type") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } one => [Read(one, part.PathOf("type"))],
        { ValueKind: JsonValueKind.Array } many when many.GetArrayLength() > 0 =>
            [.. many.EnumerateArray().Select((type, i) => Read(type, $"{part.PathOf("type")}[{i}]")).Distinct(StringComparer.Ordinal)],
        { } other => throw part.Fields.WrongType("type", "the name of a type or an array of such names", other),
    };

    /// <summary>The types that a schema without <c>type</c> has keywords for.</summary>
    public static List<string> Implied(SchemaPart part) =>
        [.. part.Keywords.Select(SchemaKeywords.TypeOf).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a value is of a type.</summary>
    public static bool Is(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && double.IsInteger(value.GetDouble())),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "null",
    };

    private static string Read(JsonElement type, string path)
    {
        var name = type.ValueKind == JsonValueKind.String ? JsonFields.ReadText(type, path) : "";
        return Known.Contains(name)
            ? name
            : throw ApiException.InvalidRequest(path, $"'{path}' must be one of {string.Join(", ", Known)}.", "invalid_value");
    }
}
