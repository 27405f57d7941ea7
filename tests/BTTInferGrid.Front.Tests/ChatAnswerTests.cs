using System.Net;
using System.Text;
using System.Text.Json;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary>The shapes of answers, as clients that nobody here wrote parse them.</summary>
[Collection(FrontFixture.Collection)]
public sealed class ChatAnswerTests(FrontFixture front)
{
    [Fact]
    public async Task Post_NotStreaming_IsAChatCompletion()
    {
        using var response = await front.PostAsync(Body("\"temperature\": 0"));
        var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.Equal($"chatcmpl-{response.Headers.GetValues("x-job-id").Single()}", answer.GetProperty("id").GetString());
        Assert.Equal(TinyModel.Id, answer.GetProperty("model").GetString());
        var choice = Assert.Single(answer.GetProperty("choices").EnumerateArray());
        Assert.Equal(0, choice.GetProperty("index").GetInt32());
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal(TinyModel.Answer, choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        var usage = answer.GetProperty("usage");
        Assert.Equal(
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32(),
            usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Post_PromptThatWasComputedBefore_IsCountedAsCached()
    {
        const string Question = "What is the capital of Peru, once more?";
        using var first = await front.PostAsync(Body("\"temperature\": 0", Question));
        var before = JsonSerializer.Deserialize<JsonElement>(await first.Content.ReadAsStringAsync()).GetProperty("usage");

        using var second = await front.PostAsync(Body("\"temperature\": 0, \"n\": 2", Question));
        var after = JsonSerializer.Deserialize<JsonElement>(await second.Content.ReadAsStringAsync()).GetProperty("usage");

        // The last token of a prompt is always computed, for what comes after it.
        Assert.True(Cached(before) < before.GetProperty("prompt_tokens").GetInt32() - 1);
        Assert.Equal(after.GetProperty("prompt_tokens").GetInt32() - 1, Cached(after));

        static int Cached(JsonElement usage) => usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
    }

    [Fact]
    public async Task Post_Streaming_HasRoleFirstOneFinishAndDone()
    {
        var chunks = await ChunksAsync("\"temperature\": 0, \"stream\": true");

        var text = new StringBuilder();
        var finishes = new List<string>();
        foreach (var chunk in chunks)
        {
            Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString());
            Assert.Equal(chunks[0].GetProperty("id").GetString(), chunk.GetProperty("id").GetString());
            Assert.False(chunk.TryGetProperty("usage", out _), "A usage that nobody asked for.");
            var choice = Assert.Single(chunk.GetProperty("choices").EnumerateArray());
            Assert.Equal(0, choice.GetProperty("index").GetInt32());
            if (choice.GetProperty("delta").TryGetProperty("content", out var content))
            {
                text.Append(content.GetString());
            }

            if (choice.GetProperty("finish_reason").GetString() is { } finish)
            {
                finishes.Add(finish);
            }
        }

        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal(TinyModel.Answer, text.ToString());
        Assert.Equal(["stop"], finishes);
    }

    [Fact]
    public async Task Post_StreamingWithUsage_EndsWithUsageAndNoChoices()
    {
        var chunks = await ChunksAsync("\"temperature\": 0, \"stream\": true, \"stream_options\": {\"include_usage\": true}");

        Assert.All(chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Empty(chunks[^1].GetProperty("choices").EnumerateArray());
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Post_StreamingAndNot_SayTheSame()
    {
        const string Seeded = "\"temperature\": 1.2, \"seed\": 7, \"max_tokens\": 16";
        using var response = await front.PostAsync(Body(Seeded, TinyModel.LongQuestion));
        var whole = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        var chunks = await ChunksAsync(Seeded + ", \"stream\": true", TinyModel.LongQuestion);

        var streamed = string.Concat(chunks.Select(chunk =>
            chunk.GetProperty("choices")[0].GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""));
        Assert.Equal(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), streamed);
    }

    [Fact]
    public async Task Post_ContentPartsAndDeveloperRole_AreRead()
    {
        using var response = await front.PostAsync(
            """
            {"model": "grid-tiny", "temperature": 0, "messages": [
              {"role": "developer", "content": "You are a helpful assistant."},
              {"role": "user", "content": [{"type": "text", "text": "What is the capital "}, {"type": "text", "text": "of Japan?"}]}]}
            """);
        var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());

        Assert.Contains("Tokyo", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Post_ModelWithoutMiner_Is503WithRetryAfter()
    {
        var body = Body("\"stream\": true").Replace(TinyModel.Id, FrontFixture.ModelWithoutMiner, StringComparison.Ordinal);
        using var response = await front.PostAsync(body);
        var error = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()).GetProperty("error");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal("no_miner", error.GetProperty("code").GetString());
    }

    private Task<JsonElement[]> ChunksAsync(string fields, string question = TinyModel.Question) =>
        front.ChunksAsync(Body(fields, question));

    private static string Body(string fields, string question = TinyModel.Question) =>
        $$"""{"model": "{{TinyModel.Id}}", {{fields}}, "messages": [{"role": "user", "content": "{{question}}"}]}""";
}
