using System.Text.Json.Serialization;

namespace BTTInferGrid.Silo.Client;

/// <summary>The answer of <c>GET /v1/grid/keys</c>.</summary>
internal sealed record KeysDocument(IReadOnlyList<KeyDocument> Data);

/// <summary>An API key. <see cref="Key"/> is there once, in the answer that creates it. Times are Unix seconds.</summary>
internal sealed record KeyDocument(
    string Id, string Name, string Account, IReadOnlyList<string> Scopes, long CreatedAt, long? ExpiresAt, KeyLimitsDocument Limits,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Key = null);

internal sealed record KeyLimitsDocument(
    int? RequestsPerMinute = null, int? TokensPerMinute = null, int? ConcurrentRequests = null, int? MaxTokensPerRequest = null);

/// <summary>The body of <c>POST /v1/grid/keys</c>.</summary>
internal sealed record NewKeyDocument(string Name, IReadOnlyList<string>? Scopes, long? ExpiresIn, KeyLimitsDocument Limits);

/// <summary>The answer of <c>DELETE /v1/grid/keys/{id}</c>.</summary>
internal sealed record RevokedDocument(string Id, bool Revoked);
