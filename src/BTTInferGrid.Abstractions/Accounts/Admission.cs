namespace BTTInferGrid.Accounts;

/// <summary>A request has been let in, and counts against its key's limits.</summary>
/// <param name="Requests">The requests per minute, this one counted; null without such a limit.</param>
/// <param name="Tokens">The tokens per minute, the request's largest cost counted; null without such a limit.</param>
[GenerateSerializer, Immutable, Alias("grid.admission")]
public sealed record Admission(
    [property: Id(0)] RateLimitStatus? Requests,
    [property: Id(1)] RateLimitStatus? Tokens)
{
    /// <summary>How long a request's lease holds without being renewed. Renew it three times as often.</summary>
    public static TimeSpan LeaseTime { get; } = TimeSpan.FromMinutes(1);
}
