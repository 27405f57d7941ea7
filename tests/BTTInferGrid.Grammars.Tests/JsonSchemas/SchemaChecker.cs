using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

/// <summary>Validates values against a schema by the rules of JSON Schema, independently of grammars.</summary>
internal sealed class SchemaChecker(JsonElement root)
{
    public bool Satisfies(JsonElement value) => Satisfies(value, root);

    private bool Satisfies(JsonElement value, JsonElement schema) =>
        schema.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? schema.ValueKind == JsonValueKind.True
            : schema.EnumerateObject().All(keyword => Holds(value, schema, keyword.Name, keyword.Value));

    private bool Holds(JsonElement value, JsonElement schema, string keyword, JsonElement argument) => keyword switch
    {
        "$defs" => true,
        "type" => argument.ValueKind == JsonValueKind.Array
            ? argument.EnumerateArray().Any(type => Is(value, type.GetString()!))
            : Is(value, argument.GetString()!),
        "$ref" => Satisfies(value, argument.GetString()!.Split('/').Skip(1).Aggregate(root, (at, name) => at.GetProperty(name))),
        "anyOf" => argument.EnumerateArray().Any(option => Satisfies(value, option)),
        "allOf" => argument.EnumerateArray().All(part => Satisfies(value, part)),
        "enum" => argument.EnumerateArray().Any(allowed => JsonElement.DeepEquals(value, allowed)),
        "const" => JsonElement.DeepEquals(value, argument),
        _ => value.ValueKind switch
        {
            JsonValueKind.Object => HoldsForObject(value, schema, keyword, argument),
            JsonValueKind.Array => HoldsForArray(value, schema, keyword, argument),
            JsonValueKind.String => HoldsForString(value.GetString()!, keyword, argument),
            JsonValueKind.Number => HoldsForNumber(value.GetDouble(), keyword, argument),
            _ => true,
        },
    };

    private bool HoldsForObject(JsonElement value, JsonElement schema, string keyword, JsonElement argument) => keyword switch
    {
        "properties" => value.EnumerateObject().All(property =>
            !argument.TryGetProperty(property.Name, out var declared) || Satisfies(property.Value, declared)),
        "required" => argument.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "additionalProperties" => value.EnumerateObject().All(property =>
            (schema.TryGetProperty("properties", out var declared) && declared.TryGetProperty(property.Name, out _))
            || Satisfies(property.Value, argument)),
        _ => true,
    };

    private bool HoldsForArray(JsonElement value, JsonElement schema, string keyword, JsonElement argument) => keyword switch
    {
        "prefixItems" => value.EnumerateArray().Zip(argument.EnumerateArray()).All(pair => Satisfies(pair.First, pair.Second)),
        "items" => value.EnumerateArray()
            .Skip(schema.TryGetProperty("prefixItems", out var prefix) ? prefix.GetArrayLength() : 0)
            .All(item => Satisfies(item, argument)),
        "minItems" => value.GetArrayLength() >= argument.GetInt32(),
        "maxItems" => value.GetArrayLength() <= argument.GetInt32(),
        _ => true,
    };

    private static bool HoldsForString(string value, string keyword, JsonElement argument) => keyword switch
    {
        "minLength" => value.EnumerateRunes().Count() >= argument.GetInt32(),
        "maxLength" => value.EnumerateRunes().Count() <= argument.GetInt32(),
        "pattern" => Regex.IsMatch(value, argument.GetString()!, RegexOptions.ECMAScript),
        "format" => argument.GetString() switch
        {
            "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "time" => DateTimeOffset.TryParse($"2000-01-01T{value}", CultureInfo.InvariantCulture, out _),
            "date-time" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _),
            "uuid" => Guid.TryParseExact(value, "D", out _),
            "ipv4" => IPAddress.TryParse(value, out var address) && address.ToString() == value,
            "email" => System.Net.Mail.MailAddress.TryCreate(value, out var mail) && mail.Address == value,
            _ => throw new InvalidOperationException($"No check for {argument}."),
        },
        _ => true,
    };

    private static bool HoldsForNumber(double value, string keyword, JsonElement argument) => keyword switch
    {
        "minimum" => value >= argument.GetDouble(),
        "exclusiveMinimum" => value > argument.GetDouble(),
        "maximum" => value <= argument.GetDouble(),
        "exclusiveMaximum" => value < argument.GetDouble(),
        _ => true,
    };

    private static bool Is(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && double.IsInteger(value.GetDouble())),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "null",
    };
}
