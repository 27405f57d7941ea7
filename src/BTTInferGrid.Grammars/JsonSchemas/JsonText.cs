using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>Writes values as compact JSON, escaped only where JSON requires it, and reads texts out of JSON.</summary>
internal static class JsonText
{
    /// <summary>Writes a value.</summary>
    /// <exception cref="SchemaException">Text in it is not valid Unicode, or it nests too deep.</exception>
    public static string Write(JsonElement value, string path)
    {
        var text = new StringBuilder();
        Append(text, value, path, 0);
        return text.ToString();
    }

    /// <summary>Writes a text as a JSON string.</summary>
    public static string Write(string text)
    {
        var json = new StringBuilder(text.Length + 2);
        Append(json, text);
        return json.ToString();
    }

    /// <summary>Reads the text of a JSON string.</summary>
    /// <exception cref="SchemaException">The text has a lone surrogate or broken UTF-8.</exception>
    public static string Read(JsonElement value, string path)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw SchemaException.Invalid(path, $"'{path}' is not valid Unicode text.");
        }
    }

    /// <summary>Finds a property of an object whose names are not checked yet; null when there is none.</summary>
    /// <exception cref="SchemaException">A name of the object has a lone surrogate or broken UTF-8.</exception>
    public static JsonElement? Find(JsonElement element, string name, StringBuilder path)
    {
        try
        {
            return element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            throw InvalidName(path.ToString());
        }
    }

    /// <summary>Reads the name of a property.</summary>
    /// <exception cref="SchemaException">The name has a lone surrogate or broken UTF-8.</exception>
    public static string ReadName(JsonProperty property, string path)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw InvalidName(path);
        }
    }

    /// <summary>A text from a schema, short enough for an error message.</summary>
    public static string Clip(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private static void Append(StringBuilder text, JsonElement value, string path, int nesting)
    {
        if (nesting > JsonSchemaGrammar.MaxNesting)
        {
            throw SchemaException.Invalid(
                path, $"'{path}' has a value that nests deeper than {JsonSchemaGrammar.MaxNesting} levels.");
        }

        var separator = "";
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in value.EnumerateObject())
                {
                    text.Append(separator);
                    Append(text, ReadName(property, path));
                    text.Append(':');
                    Append(text, property.Value, path, nesting + 1);
                    separator = ",";
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    text.Append(separator);
                    Append(text, item, path, nesting + 1);
                    separator = ",";
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                Append(text, Read(value, path));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static SchemaException InvalidName(string path) =>
        SchemaException.Invalid(path, $"A name in '{path}' is not valid Unicode text.");

    private static void Append(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        json.Append('"');
    }
}
