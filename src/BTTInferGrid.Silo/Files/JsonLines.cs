using System.Text.Json;

namespace BTTInferGrid.Silo.Files;

/// <summary>The line of every value of a JSON text, by its path, such as <c>models[0].file</c>.</summary>
internal sealed class JsonLines
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>Goes through a text that is well-formed, comments and trailing commas allowed.</summary>
    public JsonLines(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(
            json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var open = new Stack<Container>();
        var line = 1;
        var counted = 0;
        var property = "";
        while (reader.Read())
        {
            var at = (int)reader.TokenStartIndex;
            line += json[counted..at].Count((byte)'\n');
            counted = at;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    property = open.Peek().Member(reader.GetString()!);
                    _lines[property] = line;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                default:
                    var path = open.TryPeek(out var container) && container.IsArray ? container.NextItem() : property;
                    _lines.TryAdd(path, line);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push(new Container(path, reader.TokenType == JsonTokenType.StartArray));
                    }

                    break;
            }
        }
    }

    /// <summary>The line of a value, or of the nearest one around it that is there; the first is 1.</summary>
    public int Of(string path)
    {
        while (true)
        {
            if (_lines.TryGetValue(path, out var line))
            {
                return line;
            }

            if (path.Length == 0)
            {
                return 1;
            }

            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }
    }

    private sealed class Container(string path, bool isArray)
    {
        private int _next;

        public bool IsArray { get; } = isArray;

        public string Member(string name) => path.Length == 0 ? name : $"{path}.{name}";

        public string NextItem() => $"{path}[{_next++}]";
    }
}
