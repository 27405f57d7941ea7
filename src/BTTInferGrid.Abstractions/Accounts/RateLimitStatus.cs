namespace BTTInferGrid.Accounts;

/// <summary>Where a key stands with one of its limits per minute.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Remaining">What could be used at once now.</param>
/// <param name="Reset">How long until all of the limit is there again, if nothing more is used.</param>
[GenerateSerializer, Immutable, Alias("grid.rate-limit-status")]
public sealed record RateLimitStatus(
    [property: Id(0)] int Limit,
    [property: Id(1)] int Remaining,
    [property: Id(2)] TimeSpan Reset);
