using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.StructuredOutput;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary>Reads and checks the body of <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatRequestReader
{
    private const int MaxMessages = 1024;
    private const int MaxStops = 4;

    // Asking for one of these and not getting it would be a wrong answer, so they are refused by name.
    private static readonly string[] Unsupported =
    [
        "tools", "tool_choice", "functions", "function_call", "audio", "modalities", "top_logprobs", "prediction",
        "web_search_options",
    ];

    /// <exception cref="ApiException">A field is missing, wrong, or not supported.</exception>
    public static ChatRequest Read(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        RefuseUnsupported(fields);
        var stream = fields.Flag("stream") ?? false;
        return new ChatRequest
        {
            Model = fields.Text("model") ?? throw fields.Missing("model"),
            Messages = ReadMessages(fields),
            Sampling = new SamplingOptions(
                (float)(fields.Number("temperature", 0, 2) ?? 1),
                ReadTopP(fields),
                (int)(fields.Integer("top_k", 0, int.MaxValue) ?? 0),
                (float)(fields.Number("min_p", 0, 1) ?? 0),
                (float)(fields.Number("frequency_penalty", -2, 2) ?? 0),
                (float)(fields.Number("presence_penalty", -2, 2) ?? 0),
                ReadLogitBias(fields)),
            Stop = ReadStop(fields),
            Grammar = ResponseFormatReader.Read(fields),
            MaxTokens = (int?)(fields.Integer("max_completion_tokens", 1, int.MaxValue)
                ?? fields.Integer("max_tokens", 1, int.MaxValue)),
            Seed = fields.Integer("seed", long.MinValue, long.MaxValue),
            Stream = stream,
            IncludeUsage = stream && ReadIncludeUsage(fields),
        };
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

        // These are supported only at the value that changes nothing.
        if (fields.Integer("n", 1, int.MaxValue) > 1)
        {
            throw ApiException.Unsupported("n");
        }

        if (fields.Flag("logprobs") == true)
        {
            throw ApiException.Unsupported("logprobs");
        }
    }

    private static bool ChangesNothing(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().All(item =>
            name == "modalities" && item.ValueKind == JsonValueKind.String && JsonFields.ReadText(item, name) == "text"),
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        JsonValueKind.String => JsonFields.ReadText(value, name) is "none" or "auto",
        JsonValueKind.Number => value.TryGetInt32(out var number) && number == 0,
        _ => false,
    };

    private static List<ChatMessage> ReadMessages(JsonFields fields)
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

    private static float ReadTopP(JsonFields fields)
    {
        var topP = (float)(fields.Number("top_p", 0, 1) ?? 1);

        // 0 keeps only the likeliest token, which the smallest positive number says as well.
        return topP > 0 ? topP : float.Epsilon;
    }

    private static ImmutableArray<TokenBias> ReadLogitBias(JsonFields fields)
    {
        if (fields.Find("logit_bias") is not { } biases)
        {
            return [];
        }

        if (biases.ValueKind != JsonValueKind.Object)
        {
            throw fields.WrongType("logit_bias", "an object", biases);
        }

        var read = new SortedDictionary<int, float>();
        var entries = new JsonFields(biases, "logit_bias");
        foreach (var entry in biases.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var token) || read.Count == SamplingParameters.MaxBiases)
            {
                throw ApiException.InvalidRequest(
                    "logit_bias", $"'logit_bias' must map at most {SamplingParameters.MaxBiases} token ids to numbers.", "invalid_value");
            }

            read[token] = (float)(entries.Number(entry.Name, -100, 100) ?? 0);
        }

        return [.. read.Select(bias => new TokenBias(bias.Key, bias.Value))];
    }

    private static bool ReadIncludeUsage(JsonFields fields) => fields.Find("stream_options") switch
    {
        null => false,
        { ValueKind: JsonValueKind.Object } options =>
            new JsonFields(options, "stream_options").Flag("include_usage") ?? false,
        { } other => throw fields.WrongType("stream_options", "an object", other),
    };

    private static ImmutableArray<string> ReadStop(JsonFields fields)
    {
        switch (fields.Find("stop"))
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.String } one:
                return [ReadStop(fields, one)];
            case { ValueKind: JsonValueKind.Array } many:
                if (many.GetArrayLength() > MaxStops)
                {
                    throw ApiException.InvalidRequest(
                        "stop", $"'stop' has {many.GetArrayLength()} entries; at most {MaxStops} are allowed.", "invalid_value");
                }

                return [.. many.EnumerateArray().Select(stop => ReadStop(fields, stop))];
            case { } other:
                throw fields.WrongType("stop", "a string or an array of strings", other);
        }
    }

    private static string ReadStop(JsonFields fields, JsonElement stop)
    {
        if (stop.ValueKind != JsonValueKind.String)
        {
            throw fields.WrongType("stop", "a string or an array of strings", stop);
        }

        var text = JsonFields.ReadText(stop, "stop");
        return text.Length is > 0 and <= TokenText.MaxStopLength
            ? text
            : throw ApiException.InvalidRequest(
                "stop", $"A stop text has {text.Length} characters; it must have between 1 and {TokenText.MaxStopLength}.", "invalid_value");
    }
}
