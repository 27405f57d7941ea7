using System.Text.Json;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary>Reads and checks the body of <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatRequestReader
{
    private const int MaxMessages = 1024;
    private const int MaxTopLogProbs = 20;

    // Asking for one of these and not getting it would be a wrong answer, so they are refused by name.
    private static readonly string[] Unsupported =
    [
        "tools", "tool_choice", "functions", "function_call", "audio", "modalities", "prediction", "web_search_options",
    ];

    /// <exception cref="ApiException">A field is missing, wrong, or not supported.</exception>
    public static ChatRequest Read(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        RefuseUnsupported(fields);
        var options = CompletionOptionsReader.Read(fields);
        return new ChatRequest(
            ReadMessages(fields),
            options with
            {
                MaxTokens = (int?)fields.Integer("max_completion_tokens", 1, int.MaxValue) ?? options.MaxTokens,
                TopLogProbs = ReadTopLogProbs(fields),
            });
    }

    /// <summary>The messages of a request.</summary>
    /// <exception cref="ApiException">They are missing, wrong, or too many.</exception>
    public static List<ChatMessage> ReadMessages(JsonFields fields)
    {
        var messages = fields.Find("messages") ?? throw fields.Missing("messages");
        if (messages.ValueKind != JsonValueKind.Array)
        {
            throw fields.WrongType("messages", "an array", messages);
        }

        var count = messages.GetArrayLength();
        if (count is 0 or > MaxMessages)
        {
            throw ApiException.InvalidRequest(
                "messages", $"'messages' has {count} entries; it must have between 1 and {MaxMessages}.", "invalid_value");
        }

        var read = new List<ChatMessage>(count);
        foreach (var message in messages.EnumerateArray())
        {
            read.Add(ChatMessageReader.Read(message, $"messages[{read.Count}]"));
        }

        return read;
    }

    private static void RefuseUnsupported(JsonFields fields)
    {
        foreach (var name in Unsupported)
        {
            if (fields.Find(name) is { } value && !ChangesNothing(name, value))
            {
                throw ApiException.Unsupported(name);
            }
        }
    }

    private static bool ChangesNothing(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().All(item =>
            name == "modalities" && item.ValueKind == JsonValueKind.String && JsonFields.ReadText(item, name) == "text"),
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        JsonValueKind.String => JsonFields.ReadText(value, name) is "none" or "auto",
        _ => false,
    };

    private static int? ReadTopLogProbs(JsonFields fields)
    {
        var wanted = fields.Flag("logprobs") ?? false;
        var top = (int?)fields.Integer("top_logprobs", 0, MaxTopLogProbs);
        return wanted || top is null or 0
            ? (wanted ? top ?? 0 : null)
            : throw ApiException.InvalidRequest(
                "top_logprobs", "'top_logprobs' is given without 'logprobs'; set 'logprobs' to true as well.", "invalid_value");
    }
}
