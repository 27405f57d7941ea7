using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.EndToEnd.Tests;

/// <summary>Streams of the tiny model that end only at their limit.</summary>
internal static class LongStreams
{
    public const int Tokens = 450;

    /// <summary>Asks for one, and reads it to its end.</summary>
    /// <param name="http">A client with a key.</param>
    /// <param name="number">Makes it unlike the others.</param>
    /// <param name="begun">Called with each chunk.</param>
    public static async Task<LongStream> ReadAsync(HttpClient http, int number, Action? begun = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = TinyModel.Id,
                stream = true,
                stream_options = new { include_usage = true },
                max_tokens = Tokens,
                logit_bias = TinyModel.NeverEnd.ToDictionary(static bias => $"{bias.Token}", static bias => bias.Bias),
                messages = new[] { new { role = "user", content = $"Tell me story {number}." } },
            }),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new LongStream(response.StatusCode, response.Headers.RetryAfter?.Delta, 0, await response.Content.ReadAsStringAsync());
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var tokens = 0;
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line == "data: [DONE]")
            {
                return new LongStream(HttpStatusCode.OK, null, tokens, null);
            }

            if (!line.StartsWith("data: ", StringComparison.Ordinal))
            {
                continue;
            }

            using var chunk = JsonDocument.Parse(line["data: ".Length..]);
            if (chunk.RootElement.TryGetProperty("error", out var error))
            {
                return new LongStream(HttpStatusCode.OK, null, tokens, error.GetProperty("message").GetString());
            }

            begun?.Invoke();
            if (chunk.RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            {
                tokens = usage.GetProperty("completion_tokens").GetInt32();
            }
        }

        return new LongStream(HttpStatusCode.OK, null, tokens, "The connection was cut.");
    }
}

/// <summary>How a stream went.</summary>
/// <param name="Status">Status of the response.</param>
/// <param name="RetryAfter">When to come back, if it was refused.</param>
/// <param name="Tokens">Tokens that it had.</param>
/// <param name="Error">What went wrong; null if it is whole.</param>
internal sealed record LongStream(HttpStatusCode Status, TimeSpan? RetryAfter, int Tokens, string? Error);
