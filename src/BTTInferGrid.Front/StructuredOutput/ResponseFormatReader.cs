using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Grammars;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Reads <c>response_format</c> of a request as the grammar that the answer must match.</summary>
internal static class ResponseFormatReader
{
    private const string Name = "response_format";
    private const int MaxNameLength = 64;

    /// <param name="fields">The request.</param>
    /// <returns>A grammar in GBNF; null when the answer may be any text.</returns>
    /// <exception cref="ApiException">The field is invalid, or its schema is not supported.</exception>
    public static string? Read(JsonFields fields)
    {
        if (fields.Find(Name) is not { } value)
        {
            return null;
        }

        var format = Nested(fields, Name, value);
        return format.Text("type") switch
        {
            "text" => null,
            "json_object" => JsonSchemaGrammar.AnyObject,
            "json_schema" => ReadJsonSchema(format),
            null => throw format.Missing("type"),
            var other => throw ApiException.InvalidRequest(
                format.PathOf("type"),
                $"'{format.PathOf("type")}' is '{ApiException.Clip(other)}'; it must be 'text', 'json_object' or 'json_schema'.",
                "invalid_value"),
        };
    }

    private static string ReadJsonSchema(JsonFields format)
    {
        const string Field = "json_schema";
        var asked = Nested(format, Field, format.Find(Field) ?? throw format.Missing(Field));
        var name = asked.Text("name") ?? throw asked.Missing("name");
        if (name.Length is 0 or > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw ApiException.InvalidRequest(
                asked.PathOf("name"),
                $"'{asked.PathOf("name")}' must have 1 to {MaxNameLength} characters out of letters, digits, '_' and '-'.",
                "invalid_value");
        }

        // Every schema is followed strictly and the model does not see it, so neither field has an effect.
        asked.Text("description");
        asked.Flag("strict");
        return Convert(asked.Find("schema") ?? throw asked.Missing("schema"), asked.PathOf("schema"));
    }

    private static string Convert(JsonElement schema, string path)
    {
        try
        {
            return JsonSchemaGrammar.Convert(schema, path);
        }
        catch (SchemaException refused)
        {
            throw ApiException.InvalidRequest(refused.Path, refused.Message, CodeOf(refused.Error));
        }
    }

    private static string CodeOf(SchemaError error) => error switch
    {
        SchemaError.InvalidType => "invalid_type",
        SchemaError.Unsupported => "unsupported_value",
        _ => "invalid_value",
    };

    private static JsonFields Nested(JsonFields fields, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? new JsonFields(value, fields.PathOf(name))
            : throw fields.WrongType(name, "an object", value);
}
