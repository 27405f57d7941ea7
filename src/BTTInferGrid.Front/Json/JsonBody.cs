using System.Text.Json;
using BTTInferGrid.Front.Errors;

namespace BTTInferGrid.Front.Json;

/// <summary>Reads a request's body as one JSON object.</summary>
internal static class JsonBody
{
    // Deep enough for the deepest schema that is read; a client cannot make the reader recurse further.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 72 };

    /// <exception cref="ApiException">The body is not a JSON object, or too large.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        JsonDocument body;
        try
        {
            body = await JsonDocument.ParseAsync(request.Body, Options, cancellationToken);
        }
        catch (JsonException error)
        {
            throw ApiException.InvalidRequest(
                null,
                $"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}).",
                "invalid_json");
        }

        if (body.RootElement.ValueKind == JsonValueKind.Object)
        {
            return body;
        }

        body.Dispose();
        throw ApiException.InvalidRequest(null, "The body must be a JSON object.", "invalid_json");
    }
}
