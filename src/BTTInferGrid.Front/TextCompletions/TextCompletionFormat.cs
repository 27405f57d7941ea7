using System.Text.Json;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Tokens;

namespace BTTInferGrid.Front.TextCompletions;

/// <summary>The shape of text completions.</summary>
internal sealed class TextCompletionFormat : CompletionFormat
{
    public static readonly TextCompletionFormat Instance = new();

    public override string Operation => "text_completion";

    public override string IdPrefix => "cmpl-";

    public override string ObjectType => "text_completion";

    public override string ChunkType => ObjectType;

    public override string PromptField => "prompt";

    public override bool HasBeginning => false;

    public override void WriteWhole(Utf8JsonWriter json, string text) => json.WriteString("text"u8, text);

    public override void WriteBeginning(Utf8JsonWriter json) => WriteEnd(json);

    public override void WriteDelta(Utf8JsonWriter json, string text) => WriteWhole(json, text);

    public override void WriteEnd(Utf8JsonWriter json) => json.WriteString("text"u8, ""u8);

    public override void WriteLogProbs(Utf8JsonWriter json, ReadOnlySpan<AnswerToken> tokens)
    {
        json.WriteStartObject();
        json.WriteStartArray("tokens"u8);
        foreach (var token in tokens)
        {
            json.WriteStringValue(Name(token, token.Token));
        }

        json.WriteEndArray();
        json.WriteStartArray("token_logprobs"u8);
        foreach (var token in tokens)
        {
            json.WriteNumberValue(AnswerToken.Finite(token.LogProb.LogProbability));
        }

        json.WriteEndArray();
        json.WriteStartArray("top_logprobs"u8);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            WriteLikely(json, token, names);
        }

        json.WriteEndArray();
        json.WriteStartArray("text_offset"u8);
        foreach (var token in tokens)
        {
            json.WriteNumberValue(token.Offset);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The likeliest tokens and the chosen one. Of tokens with the same text the likeliest counts.</summary>
    private static void WriteLikely(Utf8JsonWriter json, AnswerToken token, HashSet<string> names)
    {
        names.Clear();
        json.WriteStartObject();
        foreach (var likely in token.LogProb.Top)
        {
            Write(likely.Token, likely.LogProbability);
        }

        Write(token.Token, token.LogProb.LogProbability);
        json.WriteEndObject();

        void Write(int id, float logProbability)
        {
            var name = Name(token, id);
            if (names.Add(name))
            {
                json.WriteNumber(name, AnswerToken.Finite(logProbability));
            }
        }
    }

    private static string Name(AnswerToken at, int token)
    {
        var name = TokenName.Of(at.Vocabulary, token, out var isWhole);
        return isWhole ? name : "bytes:" + name;
    }
}
