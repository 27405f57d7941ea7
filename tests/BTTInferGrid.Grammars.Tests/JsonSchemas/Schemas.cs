using System.Text.Json;

namespace BTTInferGrid.Grammars.Tests.JsonSchemas;

/// <summary>Converts schemas that are written as text.</summary>
internal static class Schemas
{
    public const string Path = "request.schema";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return document.RootElement.Clone();
    }

    public static string Convert(string schema) => JsonSchemaGrammar.Convert(Parse(schema), Path);

    public static Grammar ToGrammar(string schema) => Grammar.Parse(Convert(schema));

    public static SchemaException Refused(string schema) =>
        FluentActions.Invoking(() => Convert(schema)).Should().Throw<SchemaException>().Which;
}
