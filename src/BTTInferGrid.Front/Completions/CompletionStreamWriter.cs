using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Completions;

/// <summary>
/// Answers a request that streams: server-sent events, each one chunk. What all chunks of a stream have in common is
/// encoded once; a token costs its own text and two copies.
/// </summary>
internal sealed class CompletionStreamWriter : IDisposable
{
    private readonly PipeWriter _body;
    private readonly StreamKeepAlive _keepAlive;
    private readonly Utf8JsonWriter _json;
    private readonly Completion _completion;
    private readonly CompletionFormat _format;
    private readonly bool _includeUsage;
    private readonly CompletionUsage _usage;
    private readonly bool[] _begun;
    private readonly byte[] _head;

    private CompletionStreamWriter(PipeWriter body, StreamKeepAlive keepAlive, Completion completion, bool includeUsage)
    {
        _keepAlive = keepAlive;
        _body = body;
        _completion = completion;
        _format = completion.Format;
        _includeUsage = includeUsage;
        _usage = new CompletionUsage(completion);
        _begun = new bool[completion.Choices];
        _json = new Utf8JsonWriter(body, FrontJson.Options);
        _head = EncodeHead(completion);
    }

    /// <param name="context">The request.</param>
    /// <param name="completion">What it is answered with.</param>
    /// <param name="pieces">The answers, standing at the first piece.</param>
    /// <param name="includeUsage">Whether a chunk with the token counts was asked for.</param>
    /// <param name="keepAlive">Owns the body between writes.</param>
    public static async Task WriteAsync(
        HttpContext context, Completion completion, IAsyncEnumerator<AnswerPiece> pieces, bool includeUsage, StreamKeepAlive keepAlive)
    {
        using var writer = new CompletionStreamWriter(context.Response.BodyWriter, keepAlive, completion, includeUsage);
        await keepAlive.TakeAsync();
        if (!context.Response.HasStarted)
        {
            StreamKeepAlive.SetHeaders(context.Response);
        }

        keepAlive.Release();
        await writer.WriteAsync(pieces, context.RequestAborted);
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

    private async Task WriteAsync(IAsyncEnumerator<AnswerPiece> pieces, CancellationToken cancellationToken)
    {
        do
        {
            await _keepAlive.TakeAsync();
            try
            {
                Write(pieces.Current);
                await _body.FlushAsync(cancellationToken);
            }
            finally
            {
                _keepAlive.Release();
            }
        }
        while (await pieces.MoveNextAsync());

        await _keepAlive.DisposeAsync();
        if (_includeUsage)
        {
            WriteUsage();
        }

        _body.Write("data: [DONE]\n\n"u8);
        await _body.FlushAsync(cancellationToken);
    }

    private void Write(AnswerPiece piece)
    {
        if (!_begun[piece.Choice])
        {
            _begun[piece.Choice] = true;
            if (_format.HasBeginning)
            {
                BeginChoice(piece.Choice);
                _format.WriteBeginning(_json);
                EndChoice([], finishReason: null);
            }
        }

        if (piece.SaysSomething)
        {
            BeginChoice(piece.Choice);
            _format.WriteDelta(_json, piece.Text);
            EndChoice(piece.Tokens.AsSpan(), finishReason: null);
        }

        if (piece.Result is { } result)
        {
            _usage.Add(piece.Choice, result.Usage);
            BeginChoice(piece.Choice);
            _format.WriteEnd(_json);
            EndChoice([], piece.FinishReason);
        }
    }

    private void BeginChoice(int index)
    {
        _body.Write(_head);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, index);
    }

    private void EndChoice(ReadOnlySpan<AnswerToken> tokens, string? finishReason)
    {
        _json.WritePropertyName("logprobs"u8);
        if (tokens.Length > 0)
        {
            _format.WriteLogProbs(_json, tokens);
        }
        else
        {
            _json.WriteNullValue();
        }

        _json.WriteString("finish_reason"u8, finishReason);
        _json.WriteEndObject();
        _json.Flush();

        // OpenAI names the usage in every chunk of a stream that ends with it, and in no other stream.
        _body.Write(_includeUsage ? "],\"usage\":null}\n\n"u8 : "]}\n\n"u8);
    }

    private void WriteUsage()
    {
        _body.Write("data: "u8);
        _json.Reset();
        _json.WriteStartObject();
        _completion.WriteHead(_json, _format.ChunkType);
        _json.WriteStartArray("choices");
        _json.WriteEndArray();
        _usage.Write(_json);
        _json.WriteEndObject();
        _json.Flush();
        _body.Write("\n\n"u8);
    }

    private static byte[] EncodeHead(Completion completion)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("data: "u8);
        using var json = new Utf8JsonWriter(buffer, FrontJson.Options);
        json.WriteStartObject();
        completion.WriteHead(json, completion.Format.ChunkType);
        json.Flush();
        buffer.Write(",\"choices\":["u8);
        return buffer.WrittenSpan.ToArray();
    }
}
