using System.Buffers;
using System.Text.Json;
using BTTInferGrid.Link;

namespace BTTInferGrid.Chain.Rpc;

/// <summary>
/// Writes requests and reads answers of JSON-RPC 2.0 (jsonrpc.org/specification). Answers are hostile.
/// </summary>
internal static class RpcCodec
{
    private const int MaxMessageLength = 300;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>A request, or a batch of those if there are several calls. Ids count up from the first.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<RpcCall> calls, long firstId)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        if (calls.Count > 1)
        {
            writer.WriteStartArray();
        }

        for (var i = 0; i < calls.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc", "2.0");
            writer.WriteNumber("id", firstId + i);
            writer.WriteString("method", calls[i].Method);
            writer.WriteStartArray("params");
            foreach (var parameter in calls[i].Parameters)
            {
                if (parameter is null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    parameter.WriteTo(writer);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        if (calls.Count > 1)
        {
            writer.WriteEndArray();
        }

        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The replies in the order of the calls, whatever order the node answered in.</summary>
    /// <exception cref="RpcMalformedException">The answer is not one to these calls.</exception>
    public static RpcReply[] Read(
        ReadOnlySpan<byte> answer, IReadOnlyList<RpcCall> calls, long firstId, string endpoint)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(answer, Strict);
        }
        catch (JsonException)
        {
            // The parser's message quotes the answer, which may be anything.
            throw new RpcMalformedException(endpoint, "the answer is not JSON.");
        }

        if (root.ValueKind == JsonValueKind.Object)
        {
            // A node that cannot read a batch answers it with one error.
            if (calls.Count > 1 && root.TryGetProperty("error", out var refusal))
            {
                var error = ReadError(refusal, calls[0].Method, endpoint);
                return [.. calls.Select(_ => new RpcReply(error))];
            }

            return calls.Count == 1
                ? [ReadReply(root, calls[0].Method, ReadIndex(root, firstId, 1, endpoint), endpoint)]
                : throw new RpcMalformedException(endpoint, "one answer came to several calls.");
        }

        if (root.ValueKind != JsonValueKind.Array || calls.Count == 1 || root.GetArrayLength() != calls.Count)
        {
            throw new RpcMalformedException(endpoint, $"the answer does not have {calls.Count} replies.");
        }

        var replies = new RpcReply?[calls.Count];
        foreach (var element in root.EnumerateArray())
        {
            var index = ReadIndex(element, firstId, calls.Count, endpoint);
            if (replies[index] is not null)
            {
                throw new RpcMalformedException(endpoint, "two replies have the same id.");
            }

            replies[index] = ReadReply(element, calls[index].Method, index, endpoint);
        }

        return [.. replies.Select(static reply => reply!.Value)];
    }

    private static int ReadIndex(JsonElement reply, long firstId, int count, string endpoint)
    {
        return reply.ValueKind == JsonValueKind.Object
            && reply.TryGetProperty("id", out var id)
            && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var value)
            && value >= firstId && value < firstId + count
            ? (int)(value - firstId)
            : throw new RpcMalformedException(endpoint, "a reply has not the id of a call.");
    }

    private static RpcReply ReadReply(JsonElement reply, string method, int index, string endpoint)
    {
        if (!reply.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String
            || !version.ValueEquals("2.0"))
        {
            throw new RpcMalformedException(endpoint, $"reply {index} is not of JSON-RPC 2.0.");
        }

        // Some nodes give a null beside the one that counts.
        var hasError = reply.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null;
        var hasResult = reply.TryGetProperty("result", out var result)
            && !(hasError && result.ValueKind == JsonValueKind.Null);
        if (hasError == hasResult)
        {
            throw new RpcMalformedException(endpoint, $"reply {index} has not one of result and error.");
        }

        return hasError ? new RpcReply(ReadError(error, method, endpoint)) : new RpcReply(result);
    }

    private static RpcErrorException ReadError(JsonElement error, string method, string endpoint)
    {
        if (error.ValueKind != JsonValueKind.Object
            || !error.TryGetProperty("code", out var code) || code.ValueKind != JsonValueKind.Number
            || !code.TryGetInt32(out var number)
            || !error.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.String)
        {
            throw new RpcMalformedException(endpoint, "an error has not a code and a message.");
        }

        var data = error.TryGetProperty("data", out var added) && added.ValueKind == JsonValueKind.String
            ? added.GetString()
            : null;
        return new RpcErrorException(method, number, PrintableText.OneLine(message.GetString()!, MaxMessageLength), data);
    }
}
