using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Chat;

/// <summary>
/// Answers a request that streams: server-sent events, each one chunk. What all chunks of a stream have in common is
/// encoded once; a token costs its own text and two copies.
/// </summary>
internal sealed class ChatStreamWriter : IDisposable
{
    private const string ObjectType = "chat.completion.chunk";

    private readonly PipeWriter _body;
    private readonly Utf8JsonWriter _json;
    private readonly ChatCompletion _completion;
    private readonly bool _includeUsage;
    private readonly byte[] _head;

    public ChatStreamWriter(PipeWriter body, ChatCompletion completion, bool includeUsage)
    {
        _body = body;
        _completion = completion;
        _includeUsage = includeUsage;
        _json = new Utf8JsonWriter(body, FrontJson.Options);
        _head = EncodeHead(completion);
    }

    public static async Task WriteAsync(
        HttpContext context, ChatCompletion completion, ChatAnswer answer, bool includeUsage)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        using var writer = new ChatStreamWriter(context.Response.BodyWriter, completion, includeUsage);
        await writer.WriteAsync(answer, context.RequestAborted);
    }

    /// <summary>
    /// Ends a stream that has begun and cannot be finished: the error object as an event, so that no client takes what
    /// it has for the whole answer.
    /// </summary>
    public static async Task WriteErrorAsync(HttpContext context, ApiException error)
    {
        var body = context.Response.BodyWriter;
        body.Write("data: "u8);
        body.Write(ApiErrorWriter.ToJson(error));
        body.Write("\n\n"u8);
        await body.FlushAsync(context.RequestAborted);
    }

    public void Dispose() => _json.Dispose();

    private async Task WriteAsync(ChatAnswer answer, CancellationToken cancellationToken)
    {
        WriteDelta("assistant", "");
        do
        {
            if (answer.Text.Length > 0)
            {
                WriteDelta(null, answer.Text);
            }

            await _body.FlushAsync(cancellationToken);
        }
        while (await answer.MoveNextAsync());

        WriteEnd(answer.FinishReason);
        if (_includeUsage)
        {
            WriteUsage(answer.PromptTokens, answer.CompletionTokens);
        }

        _body.Write("data: [DONE]\n\n"u8);
        await _body.FlushAsync(cancellationToken);
    }

    private void WriteDelta(string? role, string content)
    {
        BeginChoice();
        if (role is not null)
        {
            _json.WriteString("role", role);
        }

        _json.WriteString("content", content);
        EndChoice(finishReason: null);
    }

    private void WriteEnd(string finishReason)
    {
        BeginChoice();
        EndChoice(finishReason);
    }

    private void BeginChoice()
    {
        _body.Write(_head);
        _body.Write("[{\"index\":0,\"delta\":"u8);
        _json.Reset();
        _json.WriteStartObject();
    }

    private void EndChoice(string? finishReason)
    {
        _json.WriteEndObject();
        _json.Flush();
        _body.Write(",\"logprobs\":null,\"finish_reason\":"u8);
        _json.Reset();
        _json.WriteStringValue(finishReason);
        _json.Flush();

        // OpenAI names the usage in every chunk of a stream that ends with it, and in no other stream.
        _body.Write(_includeUsage ? "}],\"usage\":null}\n\n"u8 : "}]}\n\n"u8);
    }

    private void WriteUsage(int promptTokens, int completionTokens)
    {
        _body.Write("data: "u8);
        _json.Reset();
        _json.WriteStartObject();
        _completion.WriteHead(_json, ObjectType);
        _json.WriteStartArray("choices");
        _json.WriteEndArray();
        ChatCompletion.WriteUsage(_json, promptTokens, completionTokens);
        _json.WriteEndObject();
        _json.Flush();
        _body.Write("\n\n"u8);
    }

    private static byte[] EncodeHead(ChatCompletion completion)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("data: "u8);
        using var json = new Utf8JsonWriter(buffer, FrontJson.Options);
        json.WriteStartObject();
        completion.WriteHead(json, ObjectType);
        json.Flush();
        buffer.Write(",\"choices\":"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
