using BTTInferGrid.Compute;

namespace BTTInferGrid.Accounts;

/// <summary>The key is unknown, revoked or expired.</summary>
/// <param name="message">Which of these, and what to do. It is for the key's holder and does not hold the key.</param>
[GenerateSerializer, Alias("grid.key-refused")]
public sealed class KeyRefusedException(string message) : GridException(message);

/// <summary>The account has no such key, whether or not another account has.</summary>
/// <param name="keyId">Public id of the key.</param>
[GenerateSerializer, Alias("grid.api-key-not-found")]
public sealed class ApiKeyNotFoundException(string keyId)
    : GridException($"This account has no API key '{keyId}'. List its keys to see those that it has.")
{
    /// <summary>Public id of the key.</summary>
    [Id(0)]
    public string KeyId { get; } = keyId;
}

/// <summary>A limit of the key is reached; the request was not counted.</summary>
/// <param name="keyId">Public id of the key.</param>
/// <param name="kind">The limit that is reached.</param>
/// <param name="limit">Its value.</param>
/// <param name="retryAfter">How long to wait before the same request can be let in, if nothing else is sent.</param>
/// <param name="standing">Where the key stands with its limits per minute.</param>
[GenerateSerializer, Alias("grid.rate-limited")]
public sealed class RateLimitedException(
    string keyId, LimitKind kind, int limit, TimeSpan retryAfter, Admission standing)
    : GridException(Describe(keyId, kind, limit, retryAfter))
{
    /// <summary>Public id of the key.</summary>
    [Id(0)]
    public string KeyId { get; } = keyId;

    /// <summary>The limit that is reached.</summary>
    [Id(1)]
    public LimitKind Kind { get; } = kind;

    /// <summary>Its value.</summary>
    [Id(2)]
    public int Limit { get; } = limit;

    /// <summary>How long to wait before the same request can be let in, if nothing else is sent.</summary>
    [Id(3)]
    public TimeSpan RetryAfter { get; } = retryAfter;

    /// <summary>Where the key stands with its limits per minute.</summary>
    [Id(4)]
    public Admission Standing { get; } = standing;

    private static string Describe(string keyId, LimitKind kind, int limit, TimeSpan retryAfter)
    {
        var what = kind switch
        {
            LimitKind.RequestsPerMinute => "requests per minute",
            LimitKind.TokensPerMinute => "tokens per minute",
            _ => "requests at the same time",
        };
        return $"Rate limit of API key {keyId} reached: {limit} {what}."
            + FormattableString.Invariant($" Try again in {Math.Ceiling(retryAfter.TotalSeconds)} s.");
    }
}
