using System.Globalization;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>JSON as a model would write it: without white space, escaped only where JSON needs it.</summary>
internal static class JsonTexts
{
    /// <summary>The value as JSON.</summary>
    /// <exception cref="ApiException">Text in it is not valid Unicode, or it nests too deep.</exception>
    public static string Of(JsonElement value, string path)
    {
        var text = new StringBuilder();
        Append(text, value, path, 0);
        return text.ToString();
    }

    /// <summary>The text as a JSON string.</summary>
    public static string Of(string text)
    {
        var json = new StringBuilder(text.Length + 2);
        Append(json, text);
        return json.ToString();
    }

    /// <summary>A name of a JSON object.</summary>
    /// <exception cref="ApiException">It is not valid Unicode.</exception>
    public static string NameOf(JsonProperty property, string path)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.InvalidRequest(path, $"A name in '{path}' is not valid Unicode text.", "invalid_value");
        }
    }

    private static void Append(StringBuilder text, JsonElement value, string path, int nesting)
    {
        if (nesting > SchemaWriter.MaxNesting)
        {
            throw ApiException.InvalidRequest(
                path, $"'{path}' has a value that nests deeper than {SchemaWriter.MaxNesting} levels.", "invalid_value");
        }

        var separator = "";
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in value.EnumerateObject())
                {
                    text.Append(separator);
                    Append(text, NameOf(property, path));
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
                Append(text, JsonFields.ReadText(value, path));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

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
