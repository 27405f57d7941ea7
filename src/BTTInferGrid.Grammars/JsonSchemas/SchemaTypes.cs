using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>The keyword <c>type</c>.</summary>
internal static class SchemaTypes
{
    private static readonly string[] Known = ["object", "array", "string", "number", "integer", "boolean", "null"];

    /// <summary>The types that a schema names; null when it has no <c>type</c>.</summary>
    /// <exception cref="SchemaException">A type is unknown.</exception>
    public static List<string>? Read(SchemaPart part) => part.Find("type") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } one => [Read(one, part.PathOf("type"))],
        { ValueKind: JsonValueKind.Array } many when many.GetArrayLength() > 0 =>
            [.. many.EnumerateArray().Select((type, i) => Read(type, $"{part.PathOf("type")}[{i}]")).Distinct(StringComparer.Ordinal)],
        { } other => throw part.WrongType("type", "the name of a type or an array of such names", other),
    };

    /// <summary>The types that the keywords of a schema without <c>type</c> constrain.</summary>
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
        var name = type.ValueKind == JsonValueKind.String ? JsonText.Read(type, path) : "";
        return Known.Contains(name)
            ? name
            : throw SchemaException.Invalid(path, $"'{path}' must be one of {string.Join(", ", Known)}.");
    }
}
