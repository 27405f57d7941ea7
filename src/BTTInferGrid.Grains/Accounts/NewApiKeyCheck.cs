using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Accounts;

/// <summary>Checks what an account is asked to create, before anything is stored.</summary>
internal static class NewApiKeyCheck
{
    private const int HashDigits = 64;
    private const ApiKeyScopes EveryScope = ApiKeyScopes.Inference | ApiKeyScopes.Admin;

    /// <exception cref="RequestRefusedException">A value is wrong; the exception names it.</exception>
    public static void Require(NewApiKey key, DateTimeOffset now)
    {
        Require(
            key.Hash is { Length: HashDigits } hash && hash.All(char.IsAsciiHexDigitLower),
            "hash",
            $"it must be {HashDigits} lower-case hex digits.");
        Require(
            key.Name is { Length: > 0 and <= NewApiKey.MaxNameLength } name
                && !string.IsNullOrWhiteSpace(name) && !name.Any(char.IsControl),
            "name",
            $"it must have between 1 and {NewApiKey.MaxNameLength} characters, no control characters, and not be blank.");
        Require(
            key.Scopes != ApiKeyScopes.None && (key.Scopes & ~EveryScope) == 0,
            "scopes",
            "name at least one of 'inference' and 'admin', and nothing else.");
        Require(key.ExpiresAt is null || key.ExpiresAt > now, "expires_at", "it must be in the future.");
        Require(key.Limits is not null, "limits", "they are missing; send an empty object for none.");
        RequireLimit(key.Limits!.RequestsPerMinute, "limits.requests_per_minute");
        RequireLimit(key.Limits.TokensPerMinute, "limits.tokens_per_minute");
        RequireLimit(key.Limits.ConcurrentRequests, "limits.concurrent_requests");
        RequireLimit(key.Limits.MaxRequestTokens, "limits.max_tokens_per_request");
    }

    private static void RequireLimit(int? limit, string field) =>
        Require(
            limit is null or (>= 1 and <= ApiKeyLimits.Largest),
            field,
            $"it is {limit}; it must be between 1 and {ApiKeyLimits.Largest}.");

    private static void Require(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw new RequestRefusedException(field, problem);
        }
    }
}
