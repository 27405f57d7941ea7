using System.Collections.Frozen;
using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>The keywords of JSON Schema, by what is done about them here.</summary>
internal static class SchemaKeywords
{
    /// <summary>Keywords that say nothing about a value where they stand, besides those that begin with <c>x-</c>.</summary>
    private static readonly FrozenSet<string> Annotations =
    [
        "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
        "$schema", "$id", "$comment", "$defs", "definitions", "contentEncoding", "contentMediaType",
    ];

    private static readonly FrozenSet<string> Combining = ["$ref", "anyOf", "oneOf", "allOf"];

    /// <summary>Keywords that hold for one type, by it.</summary>
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

    /// <summary>The keywords of a schema that say something about a value; null is as good as missing.</summary>
    /// <exception cref="ApiException">One is not supported.</exception>
    public static List<string> Read(JsonElement schema, string path)
    {
        var keywords = new List<string>();
        foreach (var property in schema.EnumerateObject())
        {
            var name = JsonTexts.NameOf(property, path);
            if (Annotations.Contains(name)
                || name.StartsWith("x-", StringComparison.Ordinal)
                || (property.Value.ValueKind == JsonValueKind.Null && name is not ("const" or "enum")))
            {
                continue;
            }

            if (!Types.ContainsKey(name) && !Combining.Contains(name) && name is not ("type" or "enum" or "const"))
            {
                throw Unsupported($"{path}.{ApiException.Clip(name)}", "is not supported by this grid; leave it out");
            }

            keywords.Add(name);
        }

        return keywords;
    }

    public static bool IsCombining(string keyword) => Combining.Contains(keyword);

    /// <summary>The type that a keyword is about; null for one about any type.</summary>
    public static string? TypeOf(string keyword) => Types.GetValueOrDefault(keyword);

    /// <summary>The refusal of what is right in a schema but cannot be followed here.</summary>
    public static ApiException Unsupported(string path, string problem) =>
        ApiException.InvalidRequest(path, $"'{path}' {problem}.", "unsupported_value");
}
