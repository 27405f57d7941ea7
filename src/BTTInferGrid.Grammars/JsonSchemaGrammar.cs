using System.Runtime.InteropServices;
using System.Text.Json;
using BTTInferGrid.Grammars.JsonSchemas;

namespace BTTInferGrid.Grammars;

/// <summary>
/// Converts JSON schemas to grammars in GBNF. Every text of such a grammar is JSON and satisfies the schema. The reverse
/// does not hold: properties come in the declared order, white space is bounded, and nesting stops at
/// <see cref="MaxNesting"/>.
/// </summary>
public static class JsonSchemaGrammar
{
    /// <summary>Maximum size of a schema, in bytes of JSON.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>Maximum depth of objects and arrays inside each other in a text.</summary>
    public const int MaxNesting = 16;

    private static readonly Lazy<string> LazyAnyObject = new(() =>
    {
        var rules = new GrammarRules("object");
        var writer = new SchemaWriter(rules, reference => throw new InvalidOperationException($"No schema at '{reference.Pointer}'."));
        return rules.ToText(writer.Write(new ObjectSchema([], new AnySchema()))!);
    });

    /// <summary>The grammar of any JSON object.</summary>
    public static string AnyObject => LazyAnyObject.Value;

    /// <summary>Converts a schema.</summary>
    /// <param name="schema">The schema: an object, <c>true</c> or <c>false</c>.</param>
    /// <param name="path">The schema's path in what the caller read, for errors.</param>
    /// <returns>A grammar that <see cref="Grammar.Parse"/> accepts.</returns>
    /// <exception cref="SchemaException">
    /// The schema is invalid or too large, allows no value, or uses keywords that are not supported.
    /// </exception>
    public static string Convert(JsonElement schema, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (JsonMarshal.GetRawUtf8Value(schema).Length is var bytes && bytes > MaxBytes)
        {
            throw SchemaException.Invalid(path, $"'{path}' has {bytes} bytes; at most {MaxBytes} are allowed.");
        }

        var reader = new SchemaReader(schema, path);
        var rules = new GrammarRules(path);
        var root = new SchemaWriter(rules, reader.Resolve).Write(reader.Read());
        return root is not null ? rules.ToText(root) : throw SchemaException.Invalid(
            path,
            $"No value satisfies '{path}' within {MaxNesting} levels of nesting. Make a property that leads back"
            + " to its own schema optional, or allow null there.");
    }
}
