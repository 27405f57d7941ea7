using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using BTTInferGrid.Silo.Configuration;

namespace BTTInferGrid.Silo.Files;

/// <summary>A JSON file that people write, as a value of its type. Mistakes are told with their line.</summary>
internal sealed partial class JsonFile<T>
    where T : class
{
    private const int MaxBytes = 1 << 20;

    private readonly JsonLines _lines;

    private JsonFile(string path, T value, ReadOnlyMemory<byte> json)
    {
        Path = path;
        Value = value;
        Json = json;
        _lines = new JsonLines(json.Span);
    }

    public string Path { get; }

    public T Value { get; }

    /// <summary>What the file holds.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <exception cref="ConfigurationException">It cannot be read, or is not of the type.</exception>
    public static JsonFile<T> Read(string path, JsonTypeInfo<T> type, int maxBytes = MaxBytes)
    {
        var json = ReadBytes(path, maxBytes);
        try
        {
            return JsonSerializer.Deserialize(json.Span, type) is { } value
                ? new JsonFile<T>(path, value, json)
                : throw new ConfigurationException($"{path} holds 'null'; it must hold an object.");
        }
        catch (JsonException error)
        {
            var line = error.LineNumber is { } number ? $" line {number + 1}" : "";
            throw new ConfigurationException($"{path}{line}, at {error.Path ?? "$"}: {Describe(error.Message)}", error);
        }
    }

    /// <summary>What is wrong with a value that JSON's types allow.</summary>
    /// <param name="at">Its path, such as <c>models[0].file</c>.</param>
    /// <param name="problem">A sentence.</param>
    public ConfigurationException Wrong(string at, string problem) => new($"{Path} line {_lines.Of(at)}, {at}: {problem}");

    private static ReadOnlyMemory<byte> ReadBytes(string path, int maxBytes)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > maxBytes)
            {
                throw new ConfigurationException($"{path} has {length} bytes; the most is {maxBytes}.");
            }

            ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
            return bytes.Span.StartsWith("\uFEFF"u8) ? bytes["\uFEFF"u8.Length..] : bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {error.Message}", error);
        }
    }

    // The serializer speaks of .NET types, and appends path and line, which the message already begins with.
    private static string Describe(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        var sentence = end < 0 ? message : message[..end];
        return UnknownName().Match(sentence) is { Success: true } unknown ? $"there is no setting '{unknown.Groups[1].Value}'."
            : MissingNames().Match(sentence) is { Success: true } missing ? $"it lacks {missing.Groups[1].Value}."
            : WrongType().Match(sentence) is { Success: true } wrong ? $"it must be {TypeName(wrong.Groups[1].Value)}."
            : sentence;
    }

    private static string TypeName(string type) => type switch
    {
        _ when type.Contains("Int32", StringComparison.Ordinal) || type.Contains("Int64", StringComparison.Ordinal) => "a whole number",
        "System.Double" => "a number",
        "System.TimeSpan" => "a duration, such as \"00:00:05\" for five seconds",
        "System.String" => "a text",
        "System.Boolean" => "true or false",
        _ when type.Contains("List", StringComparison.Ordinal) => "a list",
        _ => "an object",
    };

    [GeneratedRegex("^The JSON property '(.*)' could not be mapped")]
    private static partial Regex UnknownName();

    [GeneratedRegex("missing required properties including: (.*)\\.$")]
    private static partial Regex MissingNames();

    [GeneratedRegex("could not be converted to (.+?)\\.$")]
    private static partial Regex WrongType();
}
