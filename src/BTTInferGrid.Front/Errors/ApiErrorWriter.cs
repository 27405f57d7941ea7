using System.Globalization;
using System.Text.Json;
using BTTInferGrid.Front.Json;
using Microsoft.Net.Http.Headers;

namespace BTTInferGrid.Front.Errors;

/// <summary>Writes OpenAI's error object.</summary>
internal static class ApiErrorWriter
{
    /// <summary>Writes the error as the whole response, which must not have started.</summary>
    public static async Task WriteResponseAsync(HttpContext context, ApiException error)
    {
        var response = context.Response;
        response.StatusCode = error.Status;
        response.ContentType = FrontJson.ContentType;
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.TryAdd(HeaderNames.WWWAuthenticate, "Bearer");
        }

        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        await response.BodyWriter.WriteAsync(ToJson(error), context.RequestAborted);
    }

    /// <summary>The error object, <c>{"error":{…}}</c>, in UTF-8.</summary>
    public static byte[] ToJson(ApiException error)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, FrontJson.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", error.Message);
            json.WriteString("type", error.Type);
            json.WriteString("param", error.Field);
            json.WriteString("code", error.Code);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
