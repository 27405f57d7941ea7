using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.StructuredOutput;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Completions;

/// <summary>Reads and checks the fields that chat completions and text completions have in common.</summary>
internal static class CompletionOptionsReader
{
    /// <summary>The most answers to one prompt.</summary>
    public const int MaxChoices = 8;

    private const int MaxStops = 4;

    /// <exception cref="ApiException">A field is missing or wrong.</exception>
    public static CompletionOptions Read(JsonFields fields)
    {
        var stream = fields.Flag("stream") ?? false;
        return new CompletionOptions
        {
            Model = fields.Text("model") ?? throw fields.Missing("model"),
            Sampling = new SamplingOptions(
                (float)(fields.Number("temperature", 0, 2) ?? 1),
                ReadTopP(fields),
                (int)(fields.Integer("top_k", 0, int.MaxValue) ?? 0),
                (float)(fields.Number("min_p", 0, 1) ?? 0),
                (float)(fields.Number("frequency_penalty", -2, 2) ?? 0),
                (float)(fields.Number("presence_penalty", -2, 2) ?? 0),
                ReadLogitBias(fields)),
            Stop = ReadStop(fields),
            MaxTokens = (int?)fields.Integer("max_tokens", 1, int.MaxValue),
            Choices = (int)(fields.Integer("n", 1, MaxChoices) ?? 1),
            Grammar = ResponseFormatReader.Read(fields),
            Seed = fields.Integer("seed", long.MinValue, long.MaxValue),
            Stream = stream,
            IncludeUsage = stream && ReadIncludeUsage(fields),
        };
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
