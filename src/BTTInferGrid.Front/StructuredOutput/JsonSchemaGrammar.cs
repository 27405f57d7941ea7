using System.Runtime.InteropServices;
using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>
/// Converts JSON schemas to grammars in GBNF. Every text of such a grammar is JSON and satisfies the schema; not every
/// JSON text that satisfies the schema is in the grammar: properties come in the declared order, white space is bounded,
/// and values nest at most <see cref="SchemaWriter.MaxNesting"/> deep.
/// </summary>
internal static class JsonSchemaGrammar
{
    /// <summary>The largest schema, in bytes of JSON.</summary>
    public const int MaxBytes = 64 << 10;

    private static readonly Lazy<string> LazyAnyObject = new(() =>
    {
        var rules = new GrammarRules("response_format");
        var writer = new SchemaWriter(rules, reference => throw new InvalidOperationException($"Nothing is at '{reference.Pointer}'."));
        return rules.ToText(writer.Write(new ObjectSchema([], new AnySchema()))!);
    });

    /// <summary>The grammar of any JSON object.</summary>
    public static string AnyObject => LazyAnyObject.Value;

    /// <param name="schema">The schema.</param>
    /// <param name="path">Where it stands in the request, for error messages.</param>
    /// <exception cref="ApiException">
    /// The schema is wrong, too large, allows no value, or has keywords that are not supported.
    /// </exception>
    public static string Convert(JsonElement schema, string path)
    {
        if (JsonMarshal.GetRawUtf8Value(schema).Length is var bytes && bytes > MaxBytes)
        {
            throw ApiException.InvalidRequest(
                path, $"'{path}' has {bytes} bytes; at most {MaxBytes} are allowed.", "invalid_value");
        }

        var reader = new SchemaReader(schema, path);
        var rules = new GrammarRules(path);
        var root = new SchemaWriter(rules, reader.Resolve).Write(reader.Read());
        return root is not null ? rules.ToText(root) : throw ApiException.InvalidRequest(
            path,
            $"No value satisfies '{path}' within {SchemaWriter.MaxNesting} levels of nesting. Make a property that leads back"
            + " to its own schema optional, or allow null there.",
            "invalid_value");
    }
}
