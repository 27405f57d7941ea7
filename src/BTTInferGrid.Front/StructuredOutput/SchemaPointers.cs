using System.Globalization;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.StructuredOutput;

/// <summary>Places inside one schema, named by JSON pointers (RFC 6901) behind <c>#</c>.</summary>
internal static class SchemaPointers
{
    /// <summary>The whole schema.</summary>
    public const string Root = "#";

    private const int MaxLength = 1024;

    /// <summary>A reference in its only spelling, without percent signs.</summary>
    /// <exception cref="ApiException">It leads out of the schema, or is no pointer.</exception>
    public static string Read(string reference, string path)
    {
        if (reference.Length > MaxLength
            || !(reference == Root || reference.StartsWith("#/", StringComparison.Ordinal)))
        {
            throw ApiException.InvalidRequest(
                path,
                $"'{path}' is '{ApiException.Clip(reference)}'; it must be '#', or begin with '#/$defs/' and name a definition"
                + " of this schema.",
                "invalid_value");
        }

        return Uri.UnescapeDataString(reference);
    }

    /// <summary>What stands at a pointer, and its path for error messages.</summary>
    /// <exception cref="ApiException">Nothing does.</exception>
    public static (JsonElement Element, string Path) Find(JsonElement root, string rootPath, string pointer, string from)
    {
        var (element, path) = (root, new StringBuilder(rootPath));
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (Step(element, name) is not { } next)
            {
                throw ApiException.InvalidRequest(
                    from,
                    $"'{from}' is '{ApiException.Clip(pointer)}', which is not in the schema. Add the definition, or correct"
                    + " the reference.",
                    "invalid_value");
            }

            path.Append(element.ValueKind == JsonValueKind.Array ? $"[{name}]" : $".{ApiException.Clip(name)}");
            element = next;
        }

        return (element, path.ToString());
    }

    private static JsonElement? Step(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.TryGetProperty(name, out var value) ? value : null,
        JsonValueKind.Array when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index < element.GetArrayLength() => element[index],
        _ => null,
    };
}
