using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary>Reads one message: a role, and a content that is a string or an array of text parts.</summary>
internal static class ChatMessageReader
{
    /// <exception cref="ApiException">The message is malformed, or holds what is not text.</exception>
    public static ChatMessage Read(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.InvalidRequest(path, $"'{path}' must be an object.", "invalid_type");
        }

        var fields = new JsonFields(message, path);
        if (fields.Find("tool_calls") is { ValueKind: JsonValueKind.Array } calls && calls.GetArrayLength() > 0)
        {
            throw ApiException.Unsupported(fields.PathOf("tool_calls"));
        }

        var role = ReadRole(fields);
        return new ChatMessage(role, ReadContent(fields, role));
    }

    private static string ReadRole(JsonFields fields) => fields.Text("role") switch
    {
        // 'developer' is OpenAI's later name for the role that chat templates know as 'system'.
        "system" or "developer" => "system",
        "user" => "user",
        "assistant" => "assistant",
        null => throw fields.Missing("role"),
        "tool" or "function" => throw ApiException.InvalidRequest(
            fields.PathOf("role"), "Tool messages are not supported by this grid.", "unsupported_value"),
        var other => throw ApiException.InvalidRequest(
            fields.PathOf("role"),
            $"'{ApiException.Clip(other)}' is no role; use system, developer, user or assistant.",
            "invalid_value"),
    };

    private static string ReadContent(JsonFields fields, string role) => fields.Find("content") switch
    {
        { ValueKind: JsonValueKind.String } text => JsonFields.ReadText(text, fields.PathOf("content")),
        { ValueKind: JsonValueKind.Array } parts => ReadParts(parts, fields.PathOf("content")),

        // Clients send an answer that was cut off before its first word back like this.
        null when role == "assistant" => "",
        null => throw fields.Missing("content"),
        { } other => throw fields.WrongType("content", "a string or an array of parts", other),
    };

    private static string ReadParts(JsonElement parts, string path)
    {
        var text = new StringBuilder();
        var index = 0;
        foreach (var part in parts.EnumerateArray())
        {
            var partPath = $"{path}[{index++}]";
            if (part.ValueKind != JsonValueKind.Object)
            {
                throw ApiException.InvalidRequest(partPath, $"'{partPath}' must be an object.", "invalid_type");
            }

            var fields = new JsonFields(part, partPath);
            var type = fields.Text("type") ?? throw fields.Missing("type");
            if (type != "text")
            {
                throw ApiException.InvalidRequest(
                    fields.PathOf("type"), $"Content of type '{ApiException.Clip(type)}' is not supported by this grid; send text.", "unsupported_value");
            }

            text.Append(fields.Text("text") ?? throw fields.Missing("text"));
        }

        return text.ToString();
    }
}
