using System.Text.Json;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.Keys;

/// <summary>Reads the body of <c>POST /v1/grid/keys</c>. What the values may be is for the account to say.</summary>
internal static class NewApiKeyReader
{
    private const long MostSeconds = 100L * 366 * 24 * 60 * 60;
    private static readonly long LastTime = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <exception cref="ApiException">A field is missing, of the wrong type, or not known.</exception>
    public static NewApiKey Read(JsonElement body, string hash, DateTimeOffset now)
    {
        var fields = new JsonFields(body, "");

        // A limit with a mistyped name would be a key without that limit, so nothing here is ignored.
        fields.RefuseOthers("name", "scopes", "expires_in", "expires_at", "limits");
        return new NewApiKey(
            hash,
            fields.Text("name") ?? throw fields.Missing("name"),
            ReadScopes(fields),
            ReadExpiry(fields, now),
            ReadLimits(fields));
    }

    private static ApiKeyScopes ReadScopes(JsonFields fields)
    {
        if (fields.Find("scopes") is not { } list)
        {
            return ApiKeyScopes.Inference;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw fields.WrongType("scopes", "an array of strings", list);
        }

        var scopes = ApiKeyScopes.None;
        foreach (var item in list.EnumerateArray())
        {
            var scope = item.ValueKind == JsonValueKind.String
                ? ScopeNames.Find(JsonFields.ReadText(item, "scopes"))
                : throw fields.WrongType("scopes", "an array of strings", list);
            scopes |= scope != ApiKeyScopes.None
                ? scope
                : throw ApiException.InvalidRequest(
                    "scopes", "'scopes' has an unknown one; they are 'inference' and 'admin'.", "invalid_value");
        }

        return scopes;
    }

    private static DateTimeOffset? ReadExpiry(JsonFields fields, DateTimeOffset now)
    {
        var seconds = fields.Integer("expires_in", 1, MostSeconds);
        var time = fields.Integer("expires_at", 1, LastTime);
        if (seconds is not null && time is not null)
        {
            throw ApiException.InvalidRequest(
                "expires_in", "Only one of 'expires_in' and 'expires_at' can be given.", "invalid_value");
        }

        return time is { } at ? DateTimeOffset.FromUnixTimeSeconds(at) : seconds is { } wait ? now.AddSeconds(wait) : null;
    }

    private static ApiKeyLimits ReadLimits(JsonFields fields)
    {
        if (fields.Find("limits") is not { } given)
        {
            return ApiKeyLimits.None;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw fields.WrongType("limits", "an object", given);
        }

        var limits = new JsonFields(given, "limits");
        limits.RefuseOthers("requests_per_minute", "tokens_per_minute", "concurrent_requests", "max_tokens_per_request");
        return new ApiKeyLimits(
            ReadLimit("requests_per_minute"),
            ReadLimit("tokens_per_minute"),
            ReadLimit("concurrent_requests"),
            ReadLimit("max_tokens_per_request"));

        int? ReadLimit(string name) => (int?)limits.Integer(name, 1, ApiKeyLimits.Largest);
    }
}
