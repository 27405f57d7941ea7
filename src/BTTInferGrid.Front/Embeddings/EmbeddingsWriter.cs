using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Embeddings;

/// <summary>Writes OpenAI's list of embeddings.</summary>
internal static class EmbeddingsWriter
{
    public static async Task WriteAsync(
        HttpContext context, EmbeddingsRequest request, IReadOnlyList<ImmutableArray<float>> vectors, int tokens)
    {
        context.Response.ContentType = FrontJson.ContentType;
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter, FrontJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var i = 0; i < vectors.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("object", "embedding");
                json.WriteNumber("index", i);
                json.WritePropertyName("embedding");
                WriteVector(json, vectors[i].AsSpan(), request.AsBase64);
                json.WriteEndObject();

                // Many vectors are large; what is written goes out.
                await json.FlushAsync(context.RequestAborted);
            }

            json.WriteEndArray();
            json.WriteString("model", request.Model);
            json.WriteStartObject("usage");
            json.WriteNumber("prompt_tokens", tokens);
            json.WriteNumber("total_tokens", tokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void WriteVector(Utf8JsonWriter json, ReadOnlySpan<float> vector, bool asBase64)
    {
        if (asBase64)
        {
            var bytes = ArrayPool<byte>.Shared.Rent(vector.Length * sizeof(float));
            for (var i = 0; i < vector.Length; i++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            }

            json.WriteBase64StringValue(bytes.AsSpan(0, vector.Length * sizeof(float)));
            ArrayPool<byte>.Shared.Return(bytes);
            return;
        }

        json.WriteStartArray();
        foreach (var number in vector)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
