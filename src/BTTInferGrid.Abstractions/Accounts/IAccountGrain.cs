using BTTInferGrid.Compute;

namespace BTTInferGrid.Accounts;

/// <summary>
/// One account: who asks the grid for inference. It knows which keys are its own; what a key may do is known by the
/// key's <see cref="IApiKeyGrain"/>. <see cref="GrainKeys"/> makes the grain's key of the account's id.
/// </summary>
[Alias("grid.account")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>What the grain's key begins with, see <see cref="GrainKeys"/>.</summary>
    const string KeyPrefix = "account/";

    /// <summary>Most keys that an account may have, those that are revoked not counted.</summary>
    const int MaxKeys = 100;

    /// <summary>
    /// Creates a key. When this returns, the key is stored and works. A hash that is the account's already is left as
    /// it is, so that a call without an answer can be repeated.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <returns>The record that holds.</returns>
    /// <exception cref="RequestRefusedException">
    /// A value is wrong, the account has <see cref="MaxKeys"/> keys, or the hash was used before.
    /// </exception>
    [Alias("create-key")]
    Task<ApiKeyRecord> CreateKey(NewApiKey key);

    /// <summary>The account's keys, expired ones included and revoked ones not, in the order they were created.</summary>
    [Alias("keys")]
    Task<ImmutableArray<ApiKeyRecord>> Keys();

    /// <summary>Revokes a key. When this returns, that is stored, and no request with the key is let in any more.</summary>
    /// <param name="keyId">Public id of the key.</param>
    /// <returns>The record as it was revoked.</returns>
    /// <exception cref="ApiKeyNotFoundException">The account has no such key.</exception>
    [Alias("revoke-key")]
    Task<ApiKeyRecord> RevokeKey(string keyId);
}
