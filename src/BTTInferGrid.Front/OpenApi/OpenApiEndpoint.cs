using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the description of all routes, <c>openapi.json</c>.</summary>
internal static class OpenApiEndpoint
{
    private static readonly byte[] Document = Read();

    public static async Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = FrontJson.ContentType;
        await context.Response.BodyWriter.WriteAsync(Document, context.RequestAborted);
    }

    private static byte[] Read()
    {
        using var resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = new byte[resource.Length];
        resource.ReadExactly(document);
        return document;
    }
}
