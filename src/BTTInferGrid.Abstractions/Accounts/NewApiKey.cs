namespace BTTInferGrid.Accounts;

/// <summary>A key to be created. Whoever makes the key's random text keeps it; the grid is told its hash only.</summary>
/// <param name="Hash">SHA-256 of the key, 64 lower-case hex digits: the key of its <see cref="IApiKeyGrain"/>.</param>
/// <param name="Name">What people call it: 1 to <see cref="MaxNameLength"/> characters, no control characters.</param>
/// <param name="Scopes">What it may be used for; at least one.</param>
/// <param name="ExpiresAt">From when on it is refused, in the future; null for never.</param>
/// <param name="Limits">How much it may be used.</param>
[GenerateSerializer, Immutable, Alias("grid.new-api-key")]
public sealed record NewApiKey(
    [property: Id(0)] string Hash,
    [property: Id(1)] string Name,
    [property: Id(2)] ApiKeyScopes Scopes,
    [property: Id(3)] DateTimeOffset? ExpiresAt,
    [property: Id(4)] ApiKeyLimits Limits)
{
    /// <summary>Most characters of a name.</summary>
    public const int MaxNameLength = 100;
}
