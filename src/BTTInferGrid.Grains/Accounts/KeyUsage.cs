using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Accounts;

/// <summary>
/// How much of a key's limits is used: two buckets and the leases of the requests that run. In memory only: a minute
/// without the key fills the buckets and ends the leases anyway.
/// </summary>
internal sealed class KeyUsage
{
    // Nobody knows when a running request ends.
    private static readonly TimeSpan WaitForSlot = TimeSpan.FromSeconds(1);

    private readonly ApiKeyRecord _key;
    private readonly TimeProvider _time;
    private readonly RateBucket? _requests;
    private readonly RateBucket? _tokens;
    private readonly Dictionary<string, Lease> _leases = [];
    private long _refilledAt;

    public KeyUsage(ApiKeyRecord key, TimeProvider time)
    {
        (_key, _time) = (key, time);
        _requests = key.Limits.RequestsPerMinute is { } requests ? new RateBucket(requests) : null;
        _tokens = key.Limits.TokensPerMinute is { } tokens ? new RateBucket(tokens) : null;
        _refilledAt = time.GetTimestamp();
    }

    /// <inheritdoc cref="IApiKeyGrain.Admit"/>
    public Admission Admit(string leaseId, int tokens)
    {
        RequireSize(tokens);
        var now = Refill();
        EndOldLeases(now);
        if (_leases.ContainsKey(leaseId))
        {
            throw new RequestRefusedException("lease", "this request was let in already.");
        }

        // All limits are asked before any is touched: who is refused has used nothing.
        if (_key.Limits.ConcurrentRequests is { } most && _leases.Count >= most)
        {
            throw Limited(LimitKind.ConcurrentRequests, most, WaitForSlot);
        }

        Require(_requests, 1, LimitKind.RequestsPerMinute);
        Require(_tokens, tokens, LimitKind.TokensPerMinute);
        _requests?.Take(1);
        _tokens?.Take(tokens);
        _leases.Add(leaseId, new Lease(tokens, now));
        return Standing();
    }

    public void Renew(string leaseId)
    {
        if (_leases.TryGetValue(leaseId, out var lease))
        {
            _leases[leaseId] = lease with { RenewedAt = _time.GetTimestamp() };
        }
    }

    public void Release(string leaseId, int usedTokens)
    {
        if (_leases.Remove(leaseId, out var lease))
        {
            Refill();
            _tokens?.GiveBack(lease.Tokens - Math.Clamp(usedTokens, 0, lease.Tokens));
        }
    }

    private void RequireSize(int tokens)
    {
        if (tokens < 0)
        {
            throw new RequestRefusedException("tokens", $"they are {tokens}; they must be at least 0.");
        }

        if (tokens > _key.Limits.MaxRequestTokens || tokens > _key.Limits.TokensPerMinute)
        {
            var (limit, unit) = tokens > _key.Limits.MaxRequestTokens
                ? (_key.Limits.MaxRequestTokens, "in one request")
                : (_key.Limits.TokensPerMinute, "per minute");
            throw new RequestRefusedException(
                "max_tokens",
                $"prompt and longest answer have {tokens} tokens; API key {_key.Id} allows {limit} {unit}."
                + " Shorten the prompt or lower max_tokens.");
        }
    }

    private long Refill()
    {
        var now = _time.GetTimestamp();
        var elapsed = _time.GetElapsedTime(_refilledAt, now);
        _requests?.Refill(elapsed);
        _tokens?.Refill(elapsed);
        _refilledAt = now;
        return now;
    }

    private void EndOldLeases(long now)
    {
        foreach (var (id, lease) in _leases)
        {
            if (_time.GetElapsedTime(lease.RenewedAt, now) >= Admission.LeaseTime)
            {
                _leases.Remove(id);
            }
        }
    }

    private void Require(RateBucket? bucket, int amount, LimitKind kind)
    {
        if (bucket is not null && bucket.WaitFor(amount) is var wait && wait > TimeSpan.Zero)
        {
            throw Limited(kind, bucket.Limit, wait);
        }
    }

    private RateLimitedException Limited(LimitKind kind, int limit, TimeSpan retryAfter) =>
        new(_key.Id, kind, limit, retryAfter, Standing());

    private Admission Standing() => new(_requests?.Status, _tokens?.Status);

    private readonly record struct Lease(int Tokens, long RenewedAt);
}
