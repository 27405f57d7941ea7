using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Tests.Accounts;

/// <summary>What a key lets in: limits, leases, expiry, revocation.</summary>
public sealed class ApiKeyGrainTests(AccountsCluster cluster) : IClassFixture<AccountsCluster>
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public async Task Admit_NoLimits_SaysNothingOfThem()
    {
        var key = await cluster.KeyAsync(ApiKeyLimits.None);

        Assert.Equal(new Admission(null, null), await key.Admit("a", int.MaxValue));
    }

    [Fact]
    public async Task Admit_RequestsUsedUp_IsLimitedUntilTheNextOneIsRefilled()
    {
        var key = await cluster.KeyAsync(new ApiKeyLimits(RequestsPerMinute: 2));
        Assert.Equal(new RateLimitStatus(2, 1, TimeSpan.FromSeconds(30)), (await key.Admit("a", 1)).Requests);
        Assert.Equal(new RateLimitStatus(2, 0, TimeSpan.FromSeconds(60)), (await key.Admit("b", 1)).Requests);

        var limited = await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("c", 1));
        Assert.Equal(LimitKind.RequestsPerMinute, limited.Kind);
        Assert.Equal(2, limited.Limit);
        Assert.Equal(TimeSpan.FromSeconds(30), limited.RetryAfter);
        Assert.Equal(new RateLimitStatus(2, 0, TimeSpan.FromSeconds(60)), limited.Standing.Requests);

        cluster.Clock.Advance(limited.RetryAfter - Tick);
        Assert.Equal(Tick, (await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("c", 1))).RetryAfter);
        cluster.Clock.Advance(Tick);
        await key.Admit("c", 1);
    }

    [Fact]
    public async Task Admit_TokensUsedUp_IsLimitedUntilOthersGiveBack()
    {
        var key = await cluster.KeyAsync(new ApiKeyLimits(TokensPerMinute: 100));
        Assert.Equal(new RateLimitStatus(100, 40, TimeSpan.FromSeconds(36)), (await key.Admit("a", 60)).Tokens);

        var limited = await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("b", 60));
        Assert.Equal(LimitKind.TokensPerMinute, limited.Kind);
        Assert.Equal(TimeSpan.FromSeconds(12), limited.RetryAfter);

        await key.Release("a", usedTokens: 10);
        Assert.Equal(30, (await key.Admit("b", 60)).Tokens?.Remaining);
    }

    [Fact]
    public async Task Release_TwiceOrOfNothing_GivesBackOnce()
    {
        var key = await cluster.KeyAsync(new ApiKeyLimits(TokensPerMinute: 100));
        await key.Admit("a", 50);
        await key.Admit("b", 50);
        await key.Release("a", usedTokens: 40);
        await key.Release("a", usedTokens: 0);
        await key.Release("never", usedTokens: 0);
        await key.Release("b", usedTokens: 1000);

        Assert.Equal(10, (await key.Admit("c", 0)).Tokens?.Remaining);
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(null, 10)]
    public async Task Admit_LargerThanIsEverAllowed_IsRefusedAsWrong(int? perRequest, int? perMinute)
    {
        var key = await cluster.KeyAsync(new ApiKeyLimits(MaxRequestTokens: perRequest, TokensPerMinute: perMinute));
        await key.Admit("fits", 10);

        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => key.Admit("does-not", 11));

        Assert.Equal("max_tokens", refused.Field);
        Assert.Contains("allows 10", refused.Message);
    }

    [Fact]
    public async Task Admit_Refused_HasUsedNothing()
    {
        var key = await cluster.KeyAsync(
            new ApiKeyLimits(RequestsPerMinute: 10, TokensPerMinute: 100, ConcurrentRequests: 2));
        await key.Admit("a", 90);
        await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("b", 20));

        var second = await key.Admit("c", 10);
        Assert.Equal(8, second.Requests?.Remaining);
        Assert.Equal(0, second.Tokens?.Remaining);
    }

    [Fact]
    public async Task Admit_AllPlacesTaken_IsLimitedUntilOneIsReleased()
    {
        var key = await cluster.KeyAsync(new ApiKeyLimits(ConcurrentRequests: 1));
        await key.Admit("a", 1);
        Assert.Equal(
            LimitKind.ConcurrentRequests,
            (await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("b", 1))).Kind);

        await key.Release("a", usedTokens: 1);
        await key.Admit("b", 1);
    }

    [Fact]
    public async Task Lease_NotRenewed_RunsOutAndItsTokensCountAsUsed()
    {
        var key = await cluster.KeyAsync(new ApiKeyLimits(ConcurrentRequests: 1, TokensPerMinute: 60));
        await key.Admit("front-that-dies", 60);

        cluster.Clock.Advance(Admission.LeaseTime - Tick);
        await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("b", 1));
        cluster.Clock.Advance(Tick);
        Assert.Equal(0, (await key.Admit("b", 60)).Tokens?.Remaining);

        // Too late: the lease is no more, and gives nothing back.
        await key.Release("front-that-dies", usedTokens: 0);
        await key.Release("b", usedTokens: 60);
        Assert.Equal(0, (await key.Admit("c", 0)).Tokens?.Remaining);
    }

    [Fact]
    public async Task Lease_Renewed_HoldsAsLongAsItIs()
    {
        var key = await cluster.KeyAsync(new ApiKeyLimits(ConcurrentRequests: 1));
        await key.Admit("a", 1);
        for (var i = 0; i < 5; i++)
        {
            cluster.Clock.Advance(Admission.LeaseTime * 0.7);
            await key.Renew("a");
            await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("b", 1));
        }

        cluster.Clock.Advance(Admission.LeaseTime);
        await key.Admit("b", 1);
    }

    [Fact]
    public async Task Admit_SameLeaseAgain_IsRefused()
    {
        var key = await cluster.KeyAsync(ApiKeyLimits.None);
        await key.Admit("a", 1);

        Assert.Equal("lease", (await Assert.ThrowsAsync<RequestRefusedException>(() => key.Admit("a", 1))).Field);
    }

    [Fact]
    public async Task Admit_FromItsExpiryOn_IsRefused()
    {
        var wanted = AccountsCluster.NewKey(expiresAt: cluster.Clock.GetUtcNow() + TimeSpan.FromHours(1));
        await cluster.Account("expiry").CreateKey(wanted);
        cluster.Clock.Advance(TimeSpan.FromHours(1) - Tick);
        await cluster.Key(wanted.Hash).Admit("a", 1);
        cluster.Clock.Advance(Tick);

        var refused = await Assert.ThrowsAsync<KeyRefusedException>(() => cluster.Key(wanted.Hash).Admit("b", 1));

        Assert.Contains("expired", refused.Message);
        Assert.DoesNotContain(wanted.Hash, refused.Message);
    }

    [Fact]
    public async Task Admit_Revoked_IsRefused()
    {
        var wanted = AccountsCluster.NewKey();
        var record = await cluster.Account("revoked").CreateKey(wanted);
        await cluster.Key(wanted.Hash).Admit("a", 1);
        await cluster.Account("revoked").RevokeKey(record.Id);

        var refused = await Assert.ThrowsAsync<KeyRefusedException>(() => cluster.Key(wanted.Hash).Admit("b", 1));

        Assert.Contains("revoked", refused.Message);
        Assert.Equal(cluster.Clock.GetUtcNow(), (await cluster.Key(wanted.Hash).Describe())?.RevokedAt);
    }

    [Fact(Timeout = 60_000)]
    public async Task UnknownKey_Asked_IsRefusedAndItsActivationEnds()
    {
        var management = cluster.Grains.GetGrain<IManagementGrain>(0);
        var key = cluster.Key(AccountsCluster.NewHash());

        Assert.Null(await key.Describe());
        await Assert.ThrowsAsync<KeyRefusedException>(() => key.Admit("a", 1));
        Assert.Null(await key.Revoke());

        while (await management.GetActivationAddress(key) is not null)
        {
            await Task.Yield();
        }
    }
}
