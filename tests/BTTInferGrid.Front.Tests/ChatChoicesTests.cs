using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary>Several answers to one request: <c>n</c>.</summary>
[Collection(FrontFixture.Collection)]
public sealed class ChatChoicesTests(FrontFixture front)
{
    private const string Seeded = "\"temperature\": 1.5, \"seed\": 11, \"max_tokens\": 12";

    [Fact]
    public async Task Post_SeveralWithASeed_DifferAndRepeatAndBeginWithTheAnswerOfOne()
    {
        var one = Texts(await CompleteAsync(Seeded));
        var three = Texts(await CompleteAsync(Seeded + ", \"n\": 3"));
        var again = Texts(await CompleteAsync(Seeded + ", \"n\": 3"));

        Assert.Equal(one[0], three[0]);
        Assert.Equal(3, three.Distinct().Count());
        Assert.Equal(three, again);
    }

    [Fact]
    public async Task Post_Several_HaveOneUsageThatCountsThePromptOnce()
    {
        var one = (await CompleteAsync(Seeded)).GetProperty("usage");
        using var response = await front.PostAsync(Body(Seeded + ", \"n\": 4"));
        var four = await response.Content.ReadFromJsonAsync<JsonElement>();

        var usage = four.GetProperty("usage");
        Assert.Equal([0, 1, 2, 3], four.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(one.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("prompt_tokens").GetInt32());
        Assert.True(usage.GetProperty("completion_tokens").GetInt32() > one.GetProperty("completion_tokens").GetInt32());
        var jobs = response.Headers.GetValues("x-job-id").Single().Split(", ");
        Assert.Equal(4, jobs.Distinct().Count());
        Assert.Equal($"chatcmpl-{jobs[0]}", four.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Post_SeveralStreaming_AreInterleavedUnderTheirIndexAndSayTheSame()
    {
        const string Fields = Seeded + ", \"n\": 3";
        var whole = Texts(await CompleteAsync(Fields));
        var chunks = await front.ChunksAsync(Body(Fields + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));

        var texts = new string[3];
        var roles = new int[3];
        var finishes = new int[3];
        var order = new List<int>();
        foreach (var chunk in chunks[..^1])
        {
            var choice = Assert.Single(chunk.GetProperty("choices").EnumerateArray());
            var index = choice.GetProperty("index").GetInt32();
            var delta = choice.GetProperty("delta");
            order.Add(index);
            Assert.Equal(0, finishes[index]);
            texts[index] += delta.TryGetProperty("content", out var content) ? content.GetString() : "";
            roles[index] += delta.TryGetProperty("role", out _) ? 1 : 0;
            finishes[index] += choice.GetProperty("finish_reason").ValueKind == JsonValueKind.String ? 1 : 0;
        }

        Assert.Equal(whole, texts);
        Assert.All(roles, static count => Assert.Equal(1, count));
        Assert.All(finishes, static count => Assert.Equal(1, count));
        Assert.False(order.SequenceEqual(order.Order()), "The answers came one after the other.");
        Assert.Empty(chunks[^1].GetProperty("choices").EnumerateArray());
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 12);
    }

    [Fact]
    public async Task Post_SeveralBeyondTheKeysTokens_AreCountedAll()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(MaxRequestTokens: 150));

        using var one = await front.PostAsync(Body("\"max_tokens\": 100"), key: key);
        using var two = await front.PostAsync(Body("\"max_tokens\": 100, \"n\": 2"), key: key);

        Assert.Equal(HttpStatusCode.OK, one.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, two.StatusCode);
    }

    [Fact]
    public async Task Post_SeveralWithOneConcurrentRequest_AreOneRequest()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(ConcurrentRequests: 1, TokensPerMinute: 10_000));

        // The second is let in, so the first has given its place back with its last answer.
        for (var i = 0; i < 2; i++)
        {
            using var response = await front.PostAsync(Body("\"max_tokens\": 4, \"n\": 2"), key: key);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Post_SeveralWithoutAMiner_Is503()
    {
        var body = Body("\"n\": 3, \"stream\": true").Replace(TinyModel.Id, FrontFixture.ModelWithoutMiner, StringComparison.Ordinal);

        var error = await front.RefusedAsync(HttpStatusCode.ServiceUnavailable, body);

        Assert.Equal("no_miner", error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Post_ClientOfSeveralLeaves_EndsAllTheirJobs()
    {
        var neverEnd = string.Join(", ", TinyModel.NeverEnd.Select(static bias => $"\"{bias.Token}\": {bias.Bias}"));
        using var http = front.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                Body($$"""
                    "n": 8, "stream": true, "max_tokens": 450, "logit_bias": {{{neverEnd}}}
                    """),
                System.Text.Encoding.UTF8,
                "application/json"),
        };
        string[] jobs;
        using (var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            jobs = response.Headers.GetValues("x-job-id").Single().Split(", ");
        }

        foreach (var job in jobs)
        {
            var trace = await Poll.UntilAsync(
                front.Grains.GetGrain<IJobGrain>(job).Trace,
                static trace => trace is { State: not JobState.Running },
                TimeSpan.FromSeconds(30));
            Assert.Equal(JobState.Cancelled, trace!.State);
        }
    }

    private static string?[] Texts(JsonElement answer) =>
        [.. answer.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("message").GetProperty("content").GetString())];

    private Task<JsonElement> CompleteAsync(string fields) => front.CompleteAsync(Body(fields));

    private static string Body(string fields) =>
        $$"""{"model": "{{TinyModel.Id}}", {{fields}}, "messages": [{"role": "user", "content": "{{TinyModel.LongQuestion}}"}]}""";
}
