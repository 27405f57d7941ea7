using BTTInferGrid.Compute;

namespace BTTInferGrid.Accounts;

/// <summary>
/// One API key: its record, which is stored, and its use, which is not. <see cref="GrainKeys"/> makes the grain's key of the
/// hash of the API key, see <see cref="NewApiKey.Hash"/>; for a hash that no key has, there is no record, and asking for one
/// stores nothing.
/// </summary>
[Alias("grid.api-key")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>What the grain's key begins with, see <see cref="GrainKeys"/>.</summary>
    const string KeyPrefix = "api-key/";

    /// <summary>Stores the record, unless there is one. For the key's account only.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The record that holds.</returns>
    [Alias("register")]
    Task<ApiKeyRecord> Register(ApiKeyRecord record);

    /// <summary>Stores that the key is revoked. For the key's account only.</summary>
    /// <returns>The record; null when there is none.</returns>
    [Alias("revoke")]
    Task<ApiKeyRecord?> Revoke();

    /// <summary>The record, also of a revoked or expired key; null when there is none.</summary>
    [Alias("describe"), ResponseTimeout("00:00:05")]
    [ReadOnly]
    Task<ApiKeyRecord?> Describe();

    /// <summary>
    /// Lets a request in, or refuses it and counts nothing. The request holds a lease from now on, until it is released
    /// or not renewed for <see cref="Admission.LeaseTime"/>: then its sender is gone, and all its tokens count as used.
    /// </summary>
    /// <param name="leaseId">A name that no other request of the key has.</param>
    /// <param name="tokens">The largest cost: tokens of prompt and longest answer; at least 0.</param>
    /// <exception cref="KeyRefusedException">The key is unknown, revoked or expired.</exception>
    /// <exception cref="RateLimitedException">A limit is reached; waiting helps.</exception>
    /// <exception cref="RequestRefusedException">The request is larger than the key's limits ever allow.</exception>
    [Alias("admit"), ResponseTimeout("00:00:05")]
    Task<Admission> Admit(string leaseId, int tokens);

    /// <summary>Says that the request still runs. A lease that is not known is ignored.</summary>
    /// <param name="leaseId">The lease.</param>
    [Alias("renew"), ResponseTimeout("00:00:05")]
    [OneWay]
    Task Renew(string leaseId);

    /// <summary>Ends a request and gives back what it did not use. A lease that is not known is ignored.</summary>
    /// <param name="leaseId">The lease.</param>
    /// <param name="usedTokens">Tokens of prompt and answer that were processed; at least 0.</param>
    [Alias("release"), ResponseTimeout("00:00:05")]
    Task Release(string leaseId, int usedTokens);
}
