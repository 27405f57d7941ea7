using System.Text;
using System.Text.Json;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Chat;

/// <summary>Answers a request that does not stream: one object when the answer is whole.</summary>
internal static class ChatResponseWriter
{
    public static async Task WriteAsync(HttpContext context, ChatCompletion completion, ChatAnswer answer)
    {
        var text = new StringBuilder(answer.Text);
        while (await answer.MoveNextAsync())
        {
            text.Append(answer.Text);
        }

        context.Response.ContentType = FrontJson.ContentType;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, FrontJson.Options))
        {
            json.WriteStartObject();
            completion.WriteHead(json, "chat.completion");
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", 0);
            json.WriteStartObject("message");
            json.WriteString("role", "assistant");
            json.WriteString("content", text.ToString());
            json.WriteNull("refusal");
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", answer.FinishReason);
            json.WriteEndObject();
            json.WriteEndArray();
            ChatCompletion.WriteUsage(json, answer.PromptTokens, answer.CompletionTokens);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
