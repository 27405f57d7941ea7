using System.Security.Cryptography;
using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Accounts;

/// <summary>
/// Knows which keys are the account's. Two records change for each key, one after the other: a new hash is stored here
/// first, a revocation at the key first. So a crash in between leaves here a hash without a key that works, never a key
/// that works and cannot be found; such hashes are dropped when they are met.
/// </summary>
[GrainType("account")]
internal sealed partial class AccountGrain(
    [PersistentState("account")] IPersistentState<AccountState> state, [GridClock] TimeProvider time, ILogger<AccountGrain> logger)
    : Grain, IAccountGrain
{
    private const int KeyIdDigits = 24;
    private const int TenantDigits = 16;

    private string Account => this.IdAfter(IAccountGrain.KeyPrefix);

    private List<string> Hashes => state.State.KeyHashes;

    public async Task<ApiKeyRecord> CreateKey(NewApiKey key)
    {
        var now = time.GetUtcNow();
        NewApiKeyCheck.Require(key, now);
        await AddHashAsync(key.Hash);

        var wanted = new ApiKeyRecord(
            "key_" + RandomNumberGenerator.GetHexString(KeyIdDigits, lowercase: true),
            key.Name,
            Account,
            state.State.Tenant,
            key.Scopes,
            now,
            key.ExpiresAt,
            key.Limits);
        var record = await Key(key.Hash).Register(wanted);
        if (record.Account != Account || record.RevokedAt is not null)
        {
            await RemoveAsync([key.Hash]);
            throw new RequestRefusedException("hash", "it is that of a revoked key, or of another account's. Make a new key.");
        }

        if (record.Id == wanted.Id)
        {
            LogCreated(record.Id, Account, record.Scopes);
        }

        return record;
    }

    public async Task<ImmutableArray<ApiKeyRecord>> Keys() => [.. (await ReadKeysAsync()).Select(key => key.Record)];

    public async Task<ApiKeyRecord> RevokeKey(string keyId)
    {
        foreach (var (hash, record) in await ReadKeysAsync())
        {
            if (record.Id == keyId)
            {
                var revoked = await Key(hash).Revoke();
                await RemoveAsync([hash]);
                LogRevoked(keyId, Account);
                return revoked ?? throw new ApiKeyNotFoundException(keyId);
            }
        }

        throw new ApiKeyNotFoundException(keyId);
    }

    private async Task AddHashAsync(string hash)
    {
        if (Hashes.Contains(hash))
        {
            return;
        }

        // Hashes without a key take no place from others.
        if (Hashes.Count >= IAccountGrain.MaxKeys && (await ReadKeysAsync()).Count >= IAccountGrain.MaxKeys)
        {
            throw new RequestRefusedException(
                "keys", $"the account has {IAccountGrain.MaxKeys} keys, as many as it may. Revoke one first.");
        }

        if (state.State.Tenant.Length == 0)
        {
            state.State.Tenant = RandomNumberGenerator.GetHexString(TenantDigits, lowercase: true);
        }

        Hashes.Add(hash);
        await StoreAsync();
    }

    /// <summary>The keys that are not revoked. Hashes that turn out to have none are dropped.</summary>
    private async Task<List<(string Hash, ApiKeyRecord Record)>> ReadKeysAsync()
    {
        var records = await Task.WhenAll(Hashes.Select(hash => Key(hash).Describe()));
        var keys = new List<(string, ApiKeyRecord)>(records.Length);
        var dropped = new List<string>();
        for (var i = 0; i < records.Length; i++)
        {
            if (records[i] is { RevokedAt: null } record)
            {
                keys.Add((Hashes[i], record));
            }
            else
            {
                dropped.Add(Hashes[i]);
            }
        }

        if (dropped.Count > 0)
        {
            await RemoveAsync(dropped);
        }

        return keys;
    }

    private Task RemoveAsync(IReadOnlyCollection<string> hashes)
    {
        Hashes.RemoveAll(hashes.Contains);
        return StoreAsync();
    }

    private async Task StoreAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            // What is in memory and not stored must not be taken for the truth by the next request.
            DeactivateOnIdle();
            throw;
        }
    }

    private IApiKeyGrain Key(string hash) => GrainFactory.GetApiKey(hash);

    [LoggerMessage(2301, LogLevel.Information, "API key {KeyId} of account {Account} was created with scopes {Scopes}")]
    private partial void LogCreated(string keyId, string account, ApiKeyScopes scopes);

    [LoggerMessage(2302, LogLevel.Information, "API key {KeyId} of account {Account} was revoked")]
    private partial void LogRevoked(string keyId, string account);
}
