using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.Json;

/// <summary>
/// Reads the fields of one JSON object that came from a client. A field that is missing or null is null; one of the wrong
/// type or out of range is an error that names it. Fields that nobody reads are ignored, as OpenAI does.
/// </summary>
/// <param name="element">The object.</param>
/// <param name="path">Where it stands in the request, for error messages; empty for the request itself.</param>
internal readonly struct JsonFields(JsonElement element, string path)
{
    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public JsonElement? Find(string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
        }
        catch (InvalidOperationException)
        {
            throw NameNotUnicode();
        }
    }

    /// <summary>For objects in which nothing may be ignored.</summary>
    /// <exception cref="ApiException">There is a field of another name.</exception>
    public void RefuseOthers(params ReadOnlySpan<string> names)
    {
        foreach (var field in element.EnumerateObject())
        {
            if (!names.Contains(NameOf(field)))
            {
                throw ApiException.Unsupported(PathOf(ApiException.Clip(NameOf(field))));
            }
        }
    }

    public string? Text(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => ReadText(value, PathOf(name)),
        { } value => throw WrongType(name, "a string", value),
    };

    /// <summary>The text of a JSON string; half a surrogate pair or broken UTF-8 in it is the client's error.</summary>
    public static string ReadText(JsonElement value, string path)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.InvalidRequest(path, $"'{path}' is not valid Unicode text.", "invalid_value");
        }
    }

    public bool? Flag(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw WrongType(name, "true or false", value),
    };

    public long? Integer(string name, long min, long max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number))
        {
            throw WrongType(name, "an integer", value);
        }

        return number >= min && number <= max ? number : throw OutOfRange(name, number, min, max);
    }

    public double? Number(string name, double min, double max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw WrongType(name, "a number", value);
        }

        var number = value.GetDouble();
        return number >= min && number <= max ? number : throw OutOfRange(name, number, min, max);
    }

    public ApiException Missing(string name) =>
        ApiException.InvalidRequest(PathOf(name), $"'{PathOf(name)}' is missing.", "missing_required_parameter");

    public ApiException WrongType(string name, string expected, JsonElement value) =>
        ApiException.InvalidRequest(
            PathOf(name), $"'{PathOf(name)}' must be {expected}, not {Describe(value)}.", "invalid_type");

    private string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            throw NameNotUnicode();
        }
    }

    private ApiException NameNotUnicode() =>
        ApiException.InvalidRequest(
            path.Length == 0 ? null : path, "A name in the object is not valid Unicode text.", "invalid_value");

    private ApiException OutOfRange(string name, IFormattable number, IFormattable min, IFormattable max) =>
        ApiException.InvalidRequest(
            PathOf(name),
            FormattableString.Invariant($"'{PathOf(name)}' is {number}; it must be between {min} and {max}."),
            "invalid_value");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => ApiException.Clip(value.GetRawText()),
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
