using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests.Keys;

/// <summary>What a client is told of its limits. The fixture's clock stands still, so nothing is refilled meanwhile.</summary>
[Collection(FrontFixture.Collection)]
public sealed class KeyLimitsTests(FrontFixture front)
{
    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.5, "1ms")]
    [InlineData(120, "120ms")]
    [InlineData(1000, "1s")]
    [InlineData(8640, "8.64s")]
    [InlineData(59_999.5, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(90_500, "1m30.5s")]
    public void Format_Duration_IsAsOpenAIWritesIt(double milliseconds, string text) =>
        Assert.Equal(text, RateLimitHeaders.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public async Task Post_WithinLimits_SaysWhereTheKeyStands()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(RequestsPerMinute: 60, TokensPerMinute: 6000));

        using var response = await PostAsync(key, maxTokens: 100);
        var usage = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("usage");

        var prompt = usage.GetProperty("prompt_tokens").GetInt32();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("60", Header(response, "limit-requests"));
        Assert.Equal("59", Header(response, "remaining-requests"));
        Assert.Equal("1s", Header(response, "reset-requests"));
        Assert.Equal("6000", Header(response, "limit-tokens"));
        Assert.Equal($"{6000 - prompt - 100}", Header(response, "remaining-tokens"));
        Assert.Equal(RateLimitHeaders.Format(TimeSpan.FromMilliseconds((prompt + 100) * 10)), Header(response, "reset-tokens"));
        Assert.Equal(6000 - usage.GetProperty("total_tokens").GetInt32(), await RemainingTokensAsync(key));
    }

    [Fact]
    public async Task Post_NoLimits_SaysNothingOfThem()
    {
        using var response = await PostAsync(await front.CreateKeyAsync(), maxTokens: 1);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Post_RequestsUsedUp_Is429WithRetryAfterUntilThen()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(RequestsPerMinute: 2));
        await PostAsync(key, maxTokens: 1);
        await PostAsync(key, maxTokens: 1);

        using (var response = await PostAsync(key, maxTokens: 1))
        {
            await AssertLimitedAsync(response, "requests", "2 requests per minute");
            Assert.Equal(TimeSpan.FromSeconds(30), response.Headers.RetryAfter?.Delta);
            Assert.Equal("0", Header(response, "remaining-requests"));
            Assert.Equal("1m0s", Header(response, "reset-requests"));
        }

        front.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(key, maxTokens: 1)).StatusCode);
    }

    [Fact]
    public async Task Post_TokensUsedUp_Is429OfTypeTokens()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(TokensPerMinute: 200));
        await front.Grains.GetApiKey(ApiKey.Hash(key)).Admit("another", 190);

        using var response = await PostAsync(key, maxTokens: 100);

        await AssertLimitedAsync(response, "tokens", "200 tokens per minute");
        Assert.Equal("10", Header(response, "remaining-tokens"));
    }

    [Fact]
    public async Task Post_AllPlacesTaken_Is429UntilOneIsFree()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(ConcurrentRequests: 1));
        var grain = front.Grains.GetApiKey(ApiKey.Hash(key));
        await grain.Admit("another", 1);
        await AssertLimitedAsync(await PostAsync(key, maxTokens: 1), "requests", "1 requests at the same time");

        await grain.Release("another", 1);

        // Each answer's end has freed its place by the time that its client knows of it.
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(key, maxTokens: 1)).StatusCode);
        }
    }

    [Fact]
    public async Task Post_LargerThanTheKeyEverAllows_Is400()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(MaxRequestTokens: 50));

        using var response = await PostAsync(key, maxTokens: 100);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("max_tokens", error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Post_NoMiner_GivesTheTokensBack()
    {
        var key = await front.CreateKeyAsync(limits: new ApiKeyLimits(TokensPerMinute: 500, ConcurrentRequests: 1));

        using var response = await PostAsync(key, maxTokens: 100, FrontFixture.ModelWithoutMiner);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(500, await RemainingTokensAsync(key));
    }

    [Fact]
    public async Task Post_KeyRevokedASecondAgoAtMost_Is401()
    {
        var key = await front.CreateKeyAsync("revokes");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(key, maxTokens: 1)).StatusCode);
        var account = front.Grains.GetAccount("revokes");
        await account.RevokeKey(Assert.Single(await account.Keys()).Id);

        // The front still remembers the key; who lets inference in is the key's grain, which knows.
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(key, maxTokens: 1)).StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string key, int maxTokens, string model = TinyModel.Id) => front.PostAsync(
        $$"""{"model": "{{model}}", "max_tokens": {{maxTokens}}, "messages": [{"role": "user", "content": "{{TinyModel.Question}}"}]}""",
        key: key);

    private async Task<int?> RemainingTokensAsync(string key)
    {
        var grain = front.Grains.GetApiKey(ApiKey.Hash(key));
        var standing = await grain.Admit("probe", 0);
        await grain.Release("probe", 0);
        return standing.Tokens?.Remaining;
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.GetValues($"x-ratelimit-{name}").Single();

    private static async Task AssertLimitedAsync(HttpResponseMessage response, string type, string limit)
    {
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal("rate_limit_exceeded", error.GetProperty("code").GetString());
        Assert.Contains(limit, error.GetProperty("message").GetString());
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }
}
