using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Testing;

namespace BTTInferGrid.Front.Tests.Keys;

/// <summary>How long the front may believe what it knows of a key.</summary>
[Collection(FrontFixture.Collection)]
public sealed class ApiKeyLookupTests(FrontFixture front)
{
    [Fact]
    public async Task Find_KeyRevokedMeanwhile_IsBelievedForASecond()
    {
        var clock = new TestClock();
        using var lookup = new ApiKeyLookup(front.Grains, clock);
        var hash = ApiKey.Hash(await front.CreateKeyAsync("believed"));
        var record = await lookup.FindAsync(hash, CancellationToken.None);
        Assert.NotNull(record);
        await front.Grains.GetGrain<IAccountGrain>("believed").RevokeKey(record.Id);

        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Same(record, await lookup.FindAsync(hash, CancellationToken.None));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull((await lookup.FindAsync(hash, CancellationToken.None))?.RevokedAt);
    }

    [Fact]
    public async Task Find_UnknownKeyThatIsCreatedThen_IsFoundAtOnce()
    {
        using var lookup = new ApiKeyLookup(front.Grains, new TestClock());
        var key = ApiKey.Create();
        Assert.Null(await lookup.FindAsync(ApiKey.Hash(key), CancellationToken.None));

        await front.Grains.GetGrain<IAccountGrain>("late").CreateKey(
            new NewApiKey(ApiKey.Hash(key), "late", ApiKeyScopes.Inference, ExpiresAt: null, ApiKeyLimits.None));

        Assert.NotNull(await lookup.FindAsync(ApiKey.Hash(key), CancellationToken.None));
    }
}
