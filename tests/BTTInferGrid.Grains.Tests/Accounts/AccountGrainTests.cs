using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Tests.Accounts;

/// <summary>Which keys an account has.</summary>
public sealed class AccountGrainTests(AccountsCluster cluster) : IClassFixture<AccountsCluster>
{
    [Fact]
    public async Task CreateKey_ThenKeys_ListsThemInOrderWithoutHashes()
    {
        var account = cluster.Account("lists");
        var wanted = AccountsCluster.NewKey(new ApiKeyLimits(1, 2, 3, 4), cluster.Clock.GetUtcNow().AddDays(1));
        var first = await account.CreateKey(wanted);
        var second = await account.CreateKey(AccountsCluster.NewKey());

        Assert.Equal([first, second], await AccountsCluster.ListAsync(account));
        Assert.Equal(
            new ApiKeyRecord(
                first.Id, wanted.Name, "lists", first.Tenant, wanted.Scopes, cluster.Clock.GetUtcNow(), wanted.ExpiresAt, wanted.Limits),
            first);
        Assert.DoesNotContain(wanted.Hash, first.ToString());
    }

    [Fact]
    public async Task CreateKey_TenantOfAnAccount_IsOneAndTellsNothing()
    {
        var first = await cluster.Account("0xabc").CreateKey(AccountsCluster.NewKey());
        var second = await cluster.Account("0xabc").CreateKey(AccountsCluster.NewKey());
        var other = await cluster.Account("0xdef").CreateKey(AccountsCluster.NewKey());

        Assert.Equal(first.Tenant, second.Tenant);
        Assert.NotEqual(first.Tenant, other.Tenant);
        Assert.Equal(16, first.Tenant.Length);
    }

    [Fact]
    public async Task CreateKey_SameHashAgain_IsLeftAsItIs()
    {
        var account = cluster.Account("again");
        var wanted = AccountsCluster.NewKey();
        var first = await account.CreateKey(wanted);

        Assert.Equal(first, await account.CreateKey(wanted with { Name = "another name" }));
        Assert.Equal([first], await AccountsCluster.ListAsync(account));
    }

    [Fact]
    public async Task CreateKey_HashOfAnotherAccount_IsRefusedAndNotListed()
    {
        var wanted = AccountsCluster.NewKey();
        var record = await cluster.Account("owner").CreateKey(wanted);

        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => cluster.Account("thief").CreateKey(wanted));

        Assert.Equal("hash", refused.Field);
        Assert.Empty(await cluster.Account("thief").Keys());
        Assert.Equal(record, await cluster.Key(wanted.Hash).Describe());
    }

    [Fact]
    public async Task CreateKey_HashOfARevokedKey_IsRefused()
    {
        var account = cluster.Account("revoked-hash");
        var wanted = AccountsCluster.NewKey();
        await account.RevokeKey((await account.CreateKey(wanted)).Id);

        Assert.Equal("hash", (await Assert.ThrowsAsync<RequestRefusedException>(() => account.CreateKey(wanted))).Field);
        Assert.Empty(await account.Keys());
    }

    public static TheoryData<string, NewApiKey> WrongKeys()
    {
        var right = AccountsCluster.NewKey();
        return new()
        {
            { "hash", right with { Hash = "" } },
            { "hash", right with { Hash = right.Hash.ToUpperInvariant()[..63] + "G" } },
            { "name", right with { Name = "" } },
            { "name", right with { Name = "  " } },
            { "name", right with { Name = "two\nlines" } },
            { "name", right with { Name = new string('x', NewApiKey.MaxNameLength + 1) } },
            { "scopes", right with { Scopes = ApiKeyScopes.None } },
            { "scopes", right with { Scopes = (ApiKeyScopes)4 } },
            { "expires_at", right with { ExpiresAt = new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero) } },
            { "limits.requests_per_minute", right with { Limits = new ApiKeyLimits(RequestsPerMinute: 0) } },
            { "limits.tokens_per_minute", right with { Limits = new ApiKeyLimits(TokensPerMinute: -1) } },
            { "limits.concurrent_requests", right with { Limits = new ApiKeyLimits(ConcurrentRequests: int.MaxValue) } },
            { "limits.max_tokens_per_request", right with { Limits = new ApiKeyLimits(MaxRequestTokens: 0) } },
        };
    }

    [Theory]
    [MemberData(nameof(WrongKeys))]
    public async Task CreateKey_WrongValue_IsRefusedByFieldAndStoresNothing(string field, NewApiKey key)
    {
        var refused = await Assert.ThrowsAsync<RequestRefusedException>(() => cluster.Account("wrong").CreateKey(key));

        Assert.Equal(field, refused.Field);
        Assert.Empty(await cluster.Account("wrong").Keys());
    }

    [Fact]
    public async Task CreateKey_AsManyAsThereMayBe_IsRefusedUntilOneIsRevoked()
    {
        var account = cluster.Account("full");
        for (var i = 0; i < IAccountGrain.MaxKeys; i++)
        {
            await account.CreateKey(AccountsCluster.NewKey());
        }

        Assert.Equal("keys", (await Assert.ThrowsAsync<RequestRefusedException>(() => account.CreateKey(AccountsCluster.NewKey()))).Field);
        await account.RevokeKey((await account.Keys())[0].Id);
        await account.CreateKey(AccountsCluster.NewKey());
    }

    [Fact]
    public async Task RevokeKey_OfAnotherAccount_IsNotFoundAndGoesOnWorking()
    {
        var wanted = AccountsCluster.NewKey();
        var record = await cluster.Account("mine").CreateKey(wanted);

        await Assert.ThrowsAsync<ApiKeyNotFoundException>(() => cluster.Account("yours").RevokeKey(record.Id));

        await cluster.Key(wanted.Hash).Admit("a", 1);
    }

    [Fact]
    public async Task RevokeKey_Twice_IsNotFound()
    {
        var account = cluster.Account("twice");
        var record = await account.CreateKey(AccountsCluster.NewKey());
        Assert.NotNull((await account.RevokeKey(record.Id)).RevokedAt);

        await Assert.ThrowsAsync<ApiKeyNotFoundException>(() => account.RevokeKey(record.Id));
        Assert.Empty(await account.Keys());
    }

    [Theory]
    [InlineData("account")]
    [InlineData("api-key")]
    public async Task CreateKey_NotStored_FailsAndLeavesNoKey(string broken)
    {
        var account = cluster.Account("unlucky-" + broken);
        var wanted = AccountsCluster.NewKey();
        cluster.Storage.Broken = broken;
        await AccountsCluster.NotStoredAsync(() => account.CreateKey(wanted));
        cluster.Storage.Broken = null;

        Assert.Null(await cluster.Key(wanted.Hash).Describe());
        Assert.Empty(await account.Keys());
        Assert.Equal([await account.CreateKey(wanted)], await AccountsCluster.ListAsync(account));
    }

    [Theory]
    [InlineData("account", false)]
    [InlineData("api-key", true)]
    public async Task RevokeKey_NotStored_FailsAndAKeyThatStillWorksIsStillListed(string broken, bool works)
    {
        var account = cluster.Account("half-revoked-" + broken);
        var wanted = AccountsCluster.NewKey();
        var record = await account.CreateKey(wanted);
        cluster.Storage.Broken = broken;
        await AccountsCluster.NotStoredAsync(() => account.RevokeKey(record.Id));
        cluster.Storage.Broken = null;

        Assert.Equal(works, (await cluster.Key(wanted.Hash).Describe())?.RevokedAt is null);
        Assert.Equal(works ? [record] : [], await AccountsCluster.ListAsync(account));
    }
}
