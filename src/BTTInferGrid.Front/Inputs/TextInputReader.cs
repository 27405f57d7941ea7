using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Inputs;

/// <summary>
/// Reads a field that holds one text or several: a string, an array of strings, an array of token ids, or an array of
/// arrays of token ids.
/// </summary>
internal static class TextInputReader
{
    private const string Expected = "a string, an array of strings, an array of token ids, or an array of such arrays";

    /// <exception cref="ApiException">The field is missing, of another kind, empty, or holds too many texts.</exception>
    public static List<TextInput> Read(JsonFields fields, string name, int most)
    {
        var value = fields.Find(name) ?? throw fields.Missing(name);
        if (value.ValueKind == JsonValueKind.String)
        {
            return [new TextInput(name, JsonFields.ReadText(value, name), null)];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw fields.WrongType(name, Expected, value);
        }

        var count = value.GetArrayLength();
        if (count == 0)
        {
            throw ApiException.InvalidRequest(name, $"'{name}' is empty; it must be {Expected}.", "invalid_value");
        }

        if (value[0].ValueKind == JsonValueKind.Number)
        {
            return [new TextInput(name, null, ReadTokens(value, name))];
        }

        if (count > most)
        {
            throw ApiException.InvalidRequest(name, $"'{name}' has {count} texts; at most {most} are allowed.", "invalid_value");
        }

        var read = new List<TextInput>(count);
        foreach (var item in value.EnumerateArray())
        {
            var path = $"{name}[{read.Count}]";
            read.Add(item.ValueKind switch
            {
                JsonValueKind.String => new TextInput(path, JsonFields.ReadText(item, path), null),
                JsonValueKind.Array => new TextInput(path, null, ReadTokens(item, path)),
                _ => throw fields.WrongType(name, Expected, item),
            });
        }

        return read;
    }

    /// <summary>An array of token ids.</summary>
    /// <exception cref="ApiException">Something in it is no token id.</exception>
    public static int[] ReadTokens(JsonElement array, string path)
    {
        var tokens = new int[array.GetArrayLength()];
        var i = 0;
        foreach (var item in array.EnumerateArray())
        {
            tokens[i++] = item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var token) && token >= 0
                ? token
                : throw ApiException.InvalidRequest($"{path}[{i - 1}]", $"'{path}[{i - 1}]' is no token id.", "invalid_type");
        }

        return tokens;
    }
}
