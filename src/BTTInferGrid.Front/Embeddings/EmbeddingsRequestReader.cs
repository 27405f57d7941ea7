using System.Text.Json;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Inputs;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Embeddings;

/// <summary>Reads and checks the body of <c>POST /v1/embeddings</c>.</summary>
internal static class EmbeddingsRequestReader
{
    // OpenAI's.
    private const int MaxInputs = 2048;

    /// <exception cref="ApiException">A field is missing or wrong.</exception>
    public static EmbeddingsRequest Read(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        return new EmbeddingsRequest(
            fields.Text("model") ?? throw fields.Missing("model"),
            TextInputReader.Read(fields, "input", MaxInputs),
            fields.Text("encoding_format") switch
            {
                null or "float" => false,
                "base64" => true,
                var other => throw ApiException.InvalidRequest(
                    "encoding_format", $"'encoding_format' is '{ApiException.Clip(other)}'; it must be 'float' or 'base64'.", "invalid_value"),
            },
            (int?)fields.Integer("dimensions", 1, int.MaxValue));
    }
}
