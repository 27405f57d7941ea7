using System.Text.Json;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Keys;

/// <summary><c>/v1/grid/keys</c>: the keys of the caller's account, and of no other.</summary>
internal sealed class KeysEndpoint(IGrainFactory grains, KeyStore store, [GridClock] TimeProvider time)
{
    public async Task CreateAsync(HttpContext context)
    {
        using var body = await JsonBody.ReadAsync(context.Request, context.RequestAborted);
        var key = ApiKey.Create();
        var wanted = NewApiKeyReader.Read(body.RootElement, ApiKey.Hash(key), time.GetUtcNow());
        var record = await store.CallAsync(AccountOf(context).CreateKey(wanted));

        // The only time that the key is shown, so nobody on the way may keep it.
        context.Response.Headers.CacheControl = "no-store";
        await using var json = Begin(context);
        ApiKeyJson.Write(json, record, key);
    }

    public async Task ListAsync(HttpContext context)
    {
        var records = await store.CallAsync(AccountOf(context).Keys());
        await using var json = Begin(context);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var record in records)
        {
            ApiKeyJson.Write(json, record);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public async Task RevokeAsync(HttpContext context, string id)
    {
        // An id that is cut short is no key's.
        var record = await store.CallAsync(AccountOf(context).RevokeKey(ApiException.Clip(id)));
        await using var json = Begin(context);
        json.WriteStartObject();
        json.WriteString("object", ApiKeyJson.ObjectType);
        json.WriteString("id", record.Id);
        json.WriteBoolean("revoked", true);
        json.WriteEndObject();
    }

    private IAccountGrain AccountOf(HttpContext context) =>
        grains.GetAccount(ApiKeyFilter.CallerOf(context).Record.Account);

    private static Utf8JsonWriter Begin(HttpContext context)
    {
        context.Response.ContentType = FrontJson.ContentType;
        return new Utf8JsonWriter(context.Response.BodyWriter, FrontJson.Options);
    }
}
