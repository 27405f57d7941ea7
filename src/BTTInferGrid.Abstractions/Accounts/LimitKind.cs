namespace BTTInferGrid.Accounts;

/// <summary>A limit that waiting helps against. The numbers are part of the wire format.</summary>
[GenerateSerializer, Alias("grid.limit-kind")]
public enum LimitKind
{
    /// <summary><see cref="ApiKeyLimits.RequestsPerMinute"/>.</summary>
    RequestsPerMinute = 0,

    /// <summary><see cref="ApiKeyLimits.TokensPerMinute"/>.</summary>
    TokensPerMinute = 1,

    /// <summary><see cref="ApiKeyLimits.ConcurrentRequests"/>.</summary>
    ConcurrentRequests = 2,
}
