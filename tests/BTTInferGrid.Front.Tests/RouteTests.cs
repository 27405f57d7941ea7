using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests;

/// <summary>Keys, models, health, and addresses that are not there.</summary>
[Collection(FrontFixture.Collection)]
public sealed class RouteTests(FrontFixture front)
{
    [Theory]
    [InlineData(null, "No API key")]
    [InlineData("Bearer", "No API key")]
    [InlineData("Bearer sk-btt-short", "malformed")]
    [InlineData("Bearer sk-other-00000000000000000000000000000000", "malformed")]
    public async Task Models_WithoutAKeyOfThisForm_Is401(string? authorization, string message)
    {
        using var http = front.Http();
        http.DefaultRequestHeaders.Remove("Authorization");
        if (authorization is not null)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        await AssertInvalidKeyAsync(http, message);
    }

    [Fact]
    public async Task Models_WithAKeyOfAnotherGrid_Is401()
    {
        using var http = front.Http();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey.Create());

        await AssertInvalidKeyAsync(http, "not known");
    }

    [Fact]
    public async Task Models_WithXApiKey_IsLetIn()
    {
        using var http = front.Http();
        http.DefaultRequestHeaders.Remove("Authorization");
        http.DefaultRequestHeaders.Add("X-Api-Key", front.Key);

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task Models_List_IsOpenAIs()
    {
        using var http = front.Http();

        var list = await http.GetFromJsonAsync<JsonElement>("/v1/models");

        Assert.Equal("list", list.GetProperty("object").GetString());
        var model = list.GetProperty("data")[0];
        Assert.Equal(TinyModel.Id, model.GetProperty("id").GetString());
        Assert.Equal("model", model.GetProperty("object").GetString());
        Assert.True(model.GetProperty("created").GetInt64() > 0);
        Assert.False(string.IsNullOrEmpty(model.GetProperty("owned_by").GetString()));
    }

    [Theory]
    [InlineData("grid-tiny", HttpStatusCode.OK)]
    [InlineData("no/such/model", HttpStatusCode.NotFound)]
    public async Task Models_One_IsThereOrNot(string id, HttpStatusCode status)
    {
        using var http = front.Http();

        Assert.Equal(status, (await http.GetAsync($"/v1/models/{id}")).StatusCode);
    }

    [Theory]
    [InlineData("/v1/nothing", HttpStatusCode.NotFound, "unknown_url")]
    [InlineData("/v1/chat/completions", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("/v1/embeddings", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Get_WrongRoute_IsOpenAIsError(string path, HttpStatusCode status, string code)
    {
        using var http = front.Http();
        using var response = await http.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Ready_ModelWithoutMiner_Is503AndNamesIt()
    {
        using var http = front.Http();
        using var response = await http.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(FrontFixture.ModelWithoutMiner, await response.Content.ReadAsStringAsync());
    }

    private static async Task AssertInvalidKeyAsync(HttpClient http, string message)
    {
        using var response = await http.GetAsync("/v1/models");
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
        Assert.Contains(message, error.GetProperty("message").GetString());
    }
}
