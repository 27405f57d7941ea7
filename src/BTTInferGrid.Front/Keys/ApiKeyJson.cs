using System.Text.Json;
using BTTInferGrid.Accounts;

namespace BTTInferGrid.Front.Keys;

/// <summary>Writes a key as an object of the API.</summary>
internal static class ApiKeyJson
{
    public const string ObjectType = "grid.api_key";

    /// <param name="json">Where to.</param>
    /// <param name="record">The key's record.</param>
    /// <param name="key">The key itself, for whoever has just created it; null for all others.</param>
    public static void Write(Utf8JsonWriter json, ApiKeyRecord record, string? key = null)
    {
        json.WriteStartObject();
        json.WriteString("object", ObjectType);
        json.WriteString("id", record.Id);
        json.WriteString("name", record.Name);
        json.WriteString("account", record.Account);
        json.WriteStartArray("scopes");
        foreach (var (name, scope) in ScopeNames.All)
        {
            if (record.Scopes.HasFlag(scope))
            {
                json.WriteStringValue(name);
            }
        }

        json.WriteEndArray();
        json.WriteNumber("created_at", record.CreatedAt.ToUnixTimeSeconds());
        WriteOptional(json, "expires_at", record.ExpiresAt?.ToUnixTimeSeconds());
        json.WriteStartObject("limits");
        WriteOptional(json, "requests_per_minute", record.Limits.RequestsPerMinute);
        WriteOptional(json, "tokens_per_minute", record.Limits.TokensPerMinute);
        WriteOptional(json, "concurrent_requests", record.Limits.ConcurrentRequests);
        WriteOptional(json, "max_tokens_per_request", record.Limits.MaxRequestTokens);
        json.WriteEndObject();
        if (key is not null)
        {
            json.WriteString("key", key);
        }

        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
