using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Completions;

/// <summary>Answers a request that does not stream: one object when all answers are whole.</summary>
internal static class CompletionResponseWriter
{
    /// <param name="context">The request.</param>
    /// <param name="completion">What it is answered with.</param>
    /// <param name="pieces">The answers, standing at the first piece.</param>
    /// <param name="withLogProbs">Whether they were asked for.</param>
    public static async Task WriteAsync(
        HttpContext context, Completion completion, IAsyncEnumerator<AnswerPiece> pieces, bool withLogProbs)
    {
        var choices = new Choice[completion.Choices];
        for (var i = 0; i < choices.Length; i++)
        {
            choices[i] = new Choice();
        }

        var usage = new CompletionUsage(completion);
        do
        {
            var piece = pieces.Current;
            choices[piece.Choice].Add(piece);
            if (piece.Result is { } result)
            {
                usage.Add(piece.Choice, result.Usage);
            }
        }
        while (await pieces.MoveNextAsync());

        context.Response.ContentType = FrontJson.ContentType;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, FrontJson.Options))
        {
            json.WriteStartObject();
            completion.WriteHead(json, completion.Format.ObjectType);
            json.WriteStartArray("choices");
            for (var i = 0; i < choices.Length; i++)
            {
                Write(json, completion.Format, i, choices[i], withLogProbs);
            }

            json.WriteEndArray();
            usage.Write(json);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, CompletionFormat format, int index, Choice choice, bool withLogProbs)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        format.WriteWhole(json, choice.Text.ToString());
        json.WritePropertyName("logprobs");
        if (withLogProbs)
        {
            format.WriteLogProbs(json, CollectionsMarshal.AsSpan(choice.Tokens));
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteString("finish_reason", choice.FinishReason);
        json.WriteEndObject();
    }

    private sealed class Choice
    {
        public StringBuilder Text { get; } = new();

        public List<AnswerToken> Tokens { get; } = [];

        public string? FinishReason { get; private set; }

        public void Add(AnswerPiece piece)
        {
            Text.Append(piece.Text);
            Tokens.AddRange(piece.Tokens);
            FinishReason = piece.FinishReason;
        }
    }
}
