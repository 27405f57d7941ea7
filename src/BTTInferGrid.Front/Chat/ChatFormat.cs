using System.Text.Json;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Tokens;

namespace BTTInferGrid.Front.Chat;

/// <summary>The shape of chat completions.</summary>
internal sealed class ChatFormat : CompletionFormat
{
    public static readonly ChatFormat Instance = new();

    public override string Operation => "chat";

    public override string IdPrefix => "chatcmpl-";

    public override string ObjectType => "chat.completion";

    public override string ChunkType => "chat.completion.chunk";

    public override string PromptField => "messages";

    public override bool HasBeginning => true;

    public override void WriteWhole(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, text);
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    public override void WriteBeginning(Utf8JsonWriter json)
    {
        json.WriteStartObject("delta"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, ""u8);
        json.WriteEndObject();
    }

    public override void WriteDelta(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("delta"u8);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    public override void WriteEnd(Utf8JsonWriter json)
    {
        json.WriteStartObject("delta"u8);
        json.WriteEndObject();
    }

    public override void WriteLogProbs(Utf8JsonWriter json, ReadOnlySpan<AnswerToken> tokens)
    {
        json.WriteStartObject();
        json.WriteStartArray("content"u8);
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            WriteToken(json, token, token.Token, token.LogProb.LogProbability);
            json.WriteStartArray("top_logprobs"u8);
            foreach (var likely in token.LogProb.Top)
            {
                json.WriteStartObject();
                WriteToken(json, token, likely.Token, likely.LogProbability);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal"u8);
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, AnswerToken at, int token, float logProbability)
    {
        json.WriteString("token"u8, TokenName.Of(at.Vocabulary, token, out _));
        json.WriteNumber("logprob"u8, AnswerToken.Finite(logProbability));
        TokenName.WriteBytes(json, "bytes", at.Vocabulary, token);
    }
}
