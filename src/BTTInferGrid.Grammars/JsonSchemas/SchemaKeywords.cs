using System.Collections.Frozen;
using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>The keywords of JSON Schema, by how the converter treats them.</summary>
internal static class SchemaKeywords
{
    /// <summary>Keywords that do not constrain a value, beside those that begin with <c>x-</c>.</summary>
    private static readonly FrozenSet<string> Annotations =
    [
        "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
        "$schema", "$id", "$comment", "$defs", "definitions", "contentEncoding", "contentMediaType",
    ];

    private static readonly FrozenSet<string> Combining = ["$ref", "anyOf", "oneOf", "allOf"];

    /// <summary>Keywords that constrain values of one type, with that type.</summary>
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["properties"] = "object",
        ["required"] = "object",
        ["additionalProperties"] = "object",
        ["items"] = "array",
        ["prefixItems"] = "array",
        ["minItems"] = "array",
        ["maxItems"] = "array",
        ["minLength"] = "string",
        ["maxLength"] = "string",
        ["pattern"] = "string",
        ["format"] = "string",
        ["minimum"] = "number",
        ["maximum"] = "number",
        ["exclusiveMinimum"] = "number",
        ["exclusiveMaximum"] = "number",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The keywords of a schema that constrain a value; those that are null count as missing.</summary>
    /// <exception cref="SchemaException">A keyword is not supported, or not valid Unicode.</exception>
    public static List<string> Read(JsonElement schema, string path)
    {
        var keywords = new List<string>();
        foreach (var property in schema.EnumerateObject())
        {
            var name = JsonText.ReadName(property, path);
            if (Annotations.Contains(name)
                || name.StartsWith("x-", StringComparison.Ordinal)
                || (property.Value.ValueKind == JsonValueKind.Null && name is not ("const" or "enum")))
            {
                continue;
            }

            if (!Types.ContainsKey(name) && !Combining.Contains(name) && name is not ("type" or "enum" or "const"))
            {
                throw SchemaException.Unsupported($"{path}.{JsonText.Clip(name)}", "is not supported; leave it out");
            }

            keywords.Add(name);
        }

        return keywords;
    }

    public static bool IsCombining(string keyword) => Combining.Contains(keyword);

    /// <summary>The type whose values a keyword constrains; null for a keyword of any type.</summary>
    public static string? TypeOf(string keyword) => Types.GetValueOrDefault(keyword);
}
