namespace BTTInferGrid.Accounts;

/// <summary>The limits of one key; null where there is none. Each is between 1 and <see cref="Largest"/>.</summary>
/// <param name="RequestsPerMinute">Most requests, refilled evenly; so many may also come at once.</param>
/// <param name="TokensPerMinute">
/// Most tokens, refilled evenly. A request counts with its prompt and the longest answer that it allows, until it has
/// ended; then with what it used.
/// </param>
/// <param name="ConcurrentRequests">Most requests that run at the same time.</param>
/// <param name="MaxRequestTokens">Most tokens, prompt and longest answer together, of one request.</param>
[GenerateSerializer, Immutable, Alias("grid.api-key-limits")]
public sealed record ApiKeyLimits(
    [property: Id(0)] int? RequestsPerMinute = null,
    [property: Id(1)] int? TokensPerMinute = null,
    [property: Id(2)] int? ConcurrentRequests = null,
    [property: Id(3)] int? MaxRequestTokens = null)
{
    /// <summary>The largest value of a limit.</summary>
    public const int Largest = 1_000_000_000;

    /// <summary>No limits.</summary>
    public static ApiKeyLimits None { get; } = new();
}
