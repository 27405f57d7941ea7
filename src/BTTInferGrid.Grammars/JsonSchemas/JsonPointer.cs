using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BTTInferGrid.Grammars.JsonSchemas;

/// <summary>References inside one schema: JSON pointers (RFC 6901) after <c>#</c>.</summary>
internal static class JsonPointer
{
    /// <summary>The whole schema.</summary>
    public const string Root = "#";

    private const int MaxLength = 1024;

    /// <summary>A reference in its canonical form, without percent-encoding.</summary>
    /// <exception cref="SchemaException">The reference leaves the schema, or is not a pointer.</exception>
    public static string Read(string reference, string path)
    {
        if (reference.Length > MaxLength
            || !(reference == Root || reference.StartsWith("#/", StringComparison.Ordinal)))
        {
            throw SchemaException.Invalid(
                path,
                $"'{path}' is '{JsonText.Clip(reference)}'; it must be '#', or begin with '#/$defs/' and name a definition"
                + " of this schema.");
        }

        return Uri.UnescapeDataString(reference);
    }

    /// <summary>The element at a pointer, and its path for errors.</summary>
    /// <exception cref="SchemaException">There is no such element, or a name on the way to it is not valid Unicode.</exception>
    public static (JsonElement Element, string Path) Find(JsonElement root, string rootPath, string pointer, string from)
    {
        var (element, path) = (root, new StringBuilder(rootPath));
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (Step(element, name, path) is not { } next)
            {
                throw SchemaException.Invalid(
                    from,
                    $"'{from}' is '{JsonText.Clip(pointer)}', which is not in the schema. Add the definition, or correct"
                    + " the reference.");
            }

            path.Append(element.ValueKind == JsonValueKind.Array ? $"[{name}]" : $".{JsonText.Clip(name)}");
            element = next;
        }

        return (element, path.ToString());
    }

    private static JsonElement? Step(JsonElement element, string name, StringBuilder path) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonText.Find(element, name, path),
        JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < element.GetArrayLength() => element[index],
        _ => null,
    };
}
