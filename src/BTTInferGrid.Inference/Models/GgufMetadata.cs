using System.Diagnostics.CodeAnalysis;

namespace BTTInferGrid.Inference;

/// <summary>The metadata of a model file, by key, in the file's order.</summary>
public sealed class GgufMetadata
{
    private readonly OrderedDictionary<string, GgufValue> _values;
    private readonly string _path;

    internal GgufMetadata(string path, OrderedDictionary<string, GgufValue> values)
    {
        _path = path;
        _values = values;
    }

    /// <summary>Every key and its value.</summary>
    public IReadOnlyCollection<KeyValuePair<string, GgufValue>> Entries => _values;

    /// <summary>The value of a key, whatever its type.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out GgufValue? value) => _values.TryGetValue(key, out value);

    /// <summary>The text of a key; null when the file has no such key.</summary>
    /// <exception cref="ModelFileException">The value is no text.</exception>
    public string? Text(string key) => Single(key, value => value.Type == GgufValueType.Text, "a text")?.Text();

    /// <summary>The whole number of a key; null when the file has no such key.</summary>
    /// <exception cref="ModelFileException">The value is no whole number.</exception>
    public long? Whole(string key) => Single(key, value => value.IsInteger, "a whole number")?.Whole();

    /// <summary>The yes or no of a key; null when the file has no such key.</summary>
    /// <exception cref="ModelFileException">The value is neither.</exception>
    public bool? Bool(string key) => Single(key, value => value.Type == GgufValueType.Bool, "a yes or no")?.Bool();

    /// <summary>A whole number within bounds; null when the file has no such key.</summary>
    internal long? Whole(string key, long least, long most)
    {
        var number = Whole(key);
        return number is null || (number >= least && number <= most)
            ? number
            : throw Wrong(key, $"is {number}; it must be from {least} to {most}");
    }

    /// <summary>A list of one element type; null when the file has no such key.</summary>
    internal GgufValue? List(string key, Func<GgufValueType, bool> fits, string what) =>
        !TryGet(key, out var value) ? null
        : value.IsArray && fits(value.ElementType) ? value
        : throw Wrong(key, $"is not {what}");

    internal ModelFileException Wrong(string key, string reason) =>
        new(_path, key, TryGet(key, out var value) ? value.Offset : -1, reason);

    internal ModelFileException Missing(string key) => new(_path, $"it has no '{key}'");

    private GgufValue? Single(string key, Func<GgufValue, bool> fits, string what) =>
        !TryGet(key, out var value) ? null
        : !value.IsArray && fits(value) ? value
        : throw Wrong(key, $"is not {what}");
}
