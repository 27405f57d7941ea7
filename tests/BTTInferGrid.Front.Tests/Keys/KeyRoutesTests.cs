using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Keys;

namespace BTTInferGrid.Front.Tests.Keys;

/// <summary>Creating, listing and revoking keys over HTTP.</summary>
[Collection(FrontFixture.Collection)]
public sealed class KeyRoutesTests(FrontFixture front)
{
    private const string Path = "/v1/grid/keys";

    [Fact]
    public async Task Post_EveryField_IsAKeyThatWorksAndIsShownOnce()
    {
        var expiry = front.Clock.GetUtcNow().AddSeconds(3600).ToUnixTimeSeconds();
        using var response = await front.PostAsync(
            """
            {"name": "notebook", "scopes": ["inference", "admin"], "expires_in": 3600,
             "limits": {"requests_per_minute": 60, "tokens_per_minute": 1000, "concurrent_requests": 4, "max_tokens_per_request": 500}}
            """,
            Path);
        var created = await response.Content.ReadFromJsonAsync<JsonElement>();
        var key = created.GetProperty("key").GetString()!;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.True(ApiKey.IsWellFormed(key));
        Assert.Equal("grid.api_key", created.GetProperty("object").GetString());
        Assert.Equal("notebook", created.GetProperty("name").GetString());
        Assert.Equal(FrontFixture.Account, created.GetProperty("account").GetString());
        Assert.Equal(["inference", "admin"], created.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(expiry, created.GetProperty("expires_at").GetInt64());
        Assert.Equal(500, created.GetProperty("limits").GetProperty("max_tokens_per_request").GetInt32());

        using var http = front.Http(key);
        var listed = await http.GetStringAsync(Path);
        Assert.Contains(created.GetProperty("id").GetString()!, listed);
        Assert.DoesNotContain(key, listed);
        Assert.DoesNotContain(ApiKey.Hash(key), listed);
    }

    [Fact]
    public async Task Post_NameOnly_IsForInferenceWithoutLimits()
    {
        using var response = await front.PostAsync("""{"name": "plain"}""", Path);
        var created = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(["inference"], created.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(JsonValueKind.Null, created.GetProperty("expires_at").ValueKind);
        Assert.Equal(JsonValueKind.Null, created.GetProperty("limits").GetProperty("requests_per_minute").ValueKind);
    }

    [Theory]
    [InlineData("""{}""", "missing_required_parameter", "name")]
    [InlineData("""{"name": 1}""", "invalid_type", "name")]
    [InlineData("""{"name": ""}""", "invalid_value", "name")]
    [InlineData("""{"name": "a", "scopes": "admin"}""", "invalid_type", "scopes")]
    [InlineData("""{"name": "a", "scopes": [1]}""", "invalid_type", "scopes")]
    [InlineData("""{"name": "a", "scopes": []}""", "invalid_value", "scopes")]
    [InlineData("""{"name": "a", "scopes": ["root"]}""", "invalid_value", "scopes")]
    [InlineData("""{"name": "a", "expires_in": 0}""", "invalid_value", "expires_in")]
    [InlineData("""{"name": "a", "expires_in": 9223372036854775807}""", "invalid_value", "expires_in")]
    [InlineData("""{"name": "a", "expires_at": 1}""", "invalid_value", "expires_at")]
    [InlineData("""{"name": "a", "expires_in": 1, "expires_at": 4000000000}""", "invalid_value", "expires_in")]
    [InlineData("""{"name": "a", "limits": 1}""", "invalid_type", "limits")]
    [InlineData("""{"name": "a", "limits": {"requests_per_minute": 0}}""", "invalid_value", "limits.requests_per_minute")]
    [InlineData("""{"name": "a", "limits": {"tokens_per_minute": 1.5}}""", "invalid_type", "limits.tokens_per_minute")]
    [InlineData("""{"name": "a", "limits": {"request_per_minute": 1}}""", "unsupported_parameter", "limits.request_per_minute")]
    [InlineData("""{"name": "a", "account": "other"}""", "unsupported_parameter", "account")]
    [InlineData("""{"name": "a", "\ud800": 1}""", "invalid_value", null)]
    public async Task Post_WrongField_IsRefusedByField(string body, string code, string? field)
    {
        var error = await front.RefusedAsync(HttpStatusCode.BadRequest, body, Path);

        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(field, error.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Delete_OwnKey_IsGoneAndRefused()
    {
        using var created = await front.PostAsync("""{"name": "short life"}""", Path);
        var json = await created.Content.ReadFromJsonAsync<JsonElement>();
        var (id, key) = (json.GetProperty("id").GetString(), json.GetProperty("key").GetString());
        using var user = front.Http(key);
        Assert.Equal(HttpStatusCode.OK, (await user.GetAsync("/v1/models")).StatusCode);

        using var http = front.Http();
        using var response = await http.DeleteAsync($"{Path}/{id}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("revoked").GetBoolean());
        Assert.DoesNotContain(id!, await http.GetStringAsync(Path));

        // What the front remembers of a key is a second old at most.
        front.Clock.Advance(TimeSpan.FromSeconds(1));
        using var refused = await user.GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("revoked", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await http.DeleteAsync($"{Path}/{id}")).StatusCode);
    }

    [Fact]
    public async Task Delete_KeyOfAnotherAccount_Is404AndTheKeyGoesOnWorking()
    {
        var key = await front.CreateKeyAsync("another");
        var id = Assert.Single(await front.Grains.GetAccount("another").Keys()).Id;
        using var http = front.Http();

        using var response = await http.DeleteAsync($"{Path}/{id}");
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("key_not_found", error.GetProperty("code").GetString());
        Assert.DoesNotContain(id, await http.GetStringAsync(Path));
        front.Clock.Advance(TimeSpan.FromSeconds(1));
        using var user = front.Http(key);
        Assert.Equal(HttpStatusCode.OK, (await user.GetAsync("/v1/models")).StatusCode);
    }

    [Theory]
    [InlineData(ApiKeyScopes.Inference, Path, "admin")]
    [InlineData(ApiKeyScopes.Admin, "/v1/models", "inference")]
    public async Task Get_KeyWithoutTheScope_Is403(ApiKeyScopes scopes, string path, string missing)
    {
        using var http = front.Http(await front.CreateKeyAsync(scopes: scopes));

        using var response = await http.GetAsync(path);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("insufficient_permissions", error.GetProperty("code").GetString());
        Assert.Contains($"'{missing}'", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Log_OfKeysCreatedUsedMistypedAndRevoked_HoldsNoKey()
    {
        using var created = await front.PostAsync("""{"name": "unlogged"}""", Path);
        var json = await created.Content.ReadFromJsonAsync<JsonElement>();
        using var user = front.Http(json.GetProperty("key").GetString());
        await user.GetAsync("/v1/models");
        await user.GetAsync(Path);
        using var stranger = front.Http(ApiKey.Create());
        await stranger.GetAsync("/v1/models");
        using var http = front.Http();
        await http.DeleteAsync($"{Path}/{json.GetProperty("id").GetString()}");

        Assert.Contains(json.GetProperty("id").GetString()!, front.Log);
        Assert.DoesNotContain(ApiKey.Prefix, front.Log);
    }
}
