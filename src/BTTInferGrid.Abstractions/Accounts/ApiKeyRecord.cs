namespace BTTInferGrid.Accounts;

/// <summary>What the grid knows of a key. Nothing in it is secret, and nothing in it tells the key.</summary>
/// <param name="Id">Its public name, <c>key_</c> and 24 hex digits, for lists and logs.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Account">Id of the account that it belongs to.</param>
/// <param name="Tenant">
/// A random name of the account, the same for all its keys: what miners are told instead of the account.
/// </param>
/// <param name="Scopes">What it may be used for.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="ExpiresAt">From when on it is refused; null for never.</param>
/// <param name="Limits">How much it may be used.</param>
/// <param name="RevokedAt">When it was revoked; null while it was not.</param>
[GenerateSerializer, Immutable, Alias("grid.api-key-record")]
public sealed record ApiKeyRecord(
    [property: Id(0)] string Id,
    [property: Id(1)] string Name,
    [property: Id(2)] string Account,
    [property: Id(3)] string Tenant,
    [property: Id(4)] ApiKeyScopes Scopes,
    [property: Id(5)] DateTimeOffset CreatedAt,
    [property: Id(6)] DateTimeOffset? ExpiresAt,
    [property: Id(7)] ApiKeyLimits Limits,
    [property: Id(8)] DateTimeOffset? RevokedAt = null)
{
    /// <summary>Refuses a key that is unknown, revoked or expired.</summary>
    /// <param name="record">The key's record; null when there is none.</param>
    /// <param name="now">The time of the request.</param>
    /// <returns>The record.</returns>
    /// <exception cref="KeyRefusedException">The key must not be used.</exception>
    public static ApiKeyRecord Require(ApiKeyRecord? record, DateTimeOffset now) => record switch
    {
        null => throw new KeyRefusedException("The API key is not known here. Check that it is for this grid."),
        { RevokedAt: { } at } => throw new KeyRefusedException(
            $"The API key {record.Id} was revoked at {at.UtcDateTime:u}. Use another one."),
        { ExpiresAt: { } at } when at <= now => throw new KeyRefusedException(
            $"The API key {record.Id} expired at {at.UtcDateTime:u}. Create a new one."),
        _ => record,
    };
}
