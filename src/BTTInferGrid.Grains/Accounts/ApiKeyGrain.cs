using BTTInferGrid.Accounts;

namespace BTTInferGrid.Grains.Accounts;

/// <summary>
/// Holds the record of one key and counts its use. Anybody can name a hash that no key has, so an activation without a
/// record ends at once and stores nothing.
/// </summary>
[GrainType("api-key")]
internal sealed class ApiKeyGrain(
    [PersistentState("api-key")] IPersistentState<ApiKeyState> state, [GridClock] TimeProvider time) : Grain, IApiKeyGrain
{
    private KeyUsage? _usage;

    public async Task<ApiKeyRecord> Register(ApiKeyRecord record)
    {
        if (state.State.Record is null)
        {
            await StoreAsync(record);
        }

        return state.State.Record!;
    }

    public async Task<ApiKeyRecord?> Revoke()
    {
        if (Find() is { RevokedAt: null } record)
        {
            await StoreAsync(record with { RevokedAt = time.GetUtcNow() });
        }

        return state.State.Record;
    }

    public Task<ApiKeyRecord?> Describe() => Task.FromResult(Find());

    public Task<Admission> Admit(string leaseId, int tokens)
    {
        var record = ApiKeyRecord.Require(Find(), time.GetUtcNow());
        _usage ??= new KeyUsage(record, time);
        return Task.FromResult(_usage.Admit(leaseId, tokens));
    }

    public Task Renew(string leaseId)
    {
        _usage?.Renew(leaseId);
        return Task.CompletedTask;
    }

    public Task Release(string leaseId, int usedTokens)
    {
        _usage?.Release(leaseId, usedTokens);
        return Task.CompletedTask;
    }

    private ApiKeyRecord? Find()
    {
        if (state.State.Record is null)
        {
            DeactivateOnIdle();
        }

        return state.State.Record;
    }

    private async Task StoreAsync(ApiKeyRecord record)
    {
        try
        {
            state.State.Record = record;
            await state.WriteStateAsync();
        }
        catch
        {
            // What is in memory and not stored must not be taken for the truth by the next request.
            DeactivateOnIdle();
            throw;
        }
    }
}
