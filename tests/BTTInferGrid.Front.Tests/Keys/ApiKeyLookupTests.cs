using System.Collections.Concurrent;
using System.Reflection;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Front.Tests.Keys;

/// <summary>How long the front may believe what it knows of a key.</summary>
[Collection(FrontFixture.Collection)]
public sealed class ApiKeyLookupTests(FrontFixture front)
{
    [Fact]
    public async Task Find_KeyRevokedMeanwhile_IsBelievedForASecond()
    {
        var clock = new TestClock();
        using var lookup = new ApiKeyLookup(front.Grains, Store, clock);
        var hash = ApiKey.Hash(await front.CreateKeyAsync("believed"));
        var record = await lookup.FindAsync(hash, CancellationToken.None);
        Assert.NotNull(record);
        await front.Grains.GetAccount("believed").RevokeKey(record.Id);

        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Same(record, await lookup.FindAsync(hash, CancellationToken.None));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotNull((await lookup.FindAsync(hash, CancellationToken.None))?.RevokedAt);
    }

    private static KeyStore Store => new(NullLogger<KeyStore>.Instance);

    [Fact]
    public async Task Find_StoreThatCannotBeRead_Is503WithRetryAfter()
    {
        using var lookup = new ApiKeyLookup(
            Answering<IGrainFactory>(() => Answering<IApiKeyGrain>(
                static () => Task.FromException<ApiKeyRecord?>(new IOException("database disk image is malformed")))),
            Store,
            new TestClock());

        var refused = await Assert.ThrowsAsync<ApiException>(() => lookup.FindAsync("any", CancellationToken.None).AsTask());

        Assert.Equal(503, refused.Status);
        Assert.Equal("keys_unavailable", refused.Code);
        Assert.NotNull(refused.RetryAfter);
        Assert.DoesNotContain("malformed", refused.Message);
    }

    [Fact]
    public async Task Find_UnknownKeyThatIsCreatedThen_IsFoundAtOnce()
    {
        using var lookup = new ApiKeyLookup(front.Grains, Store, new TestClock());
        var key = ApiKey.Create();
        Assert.Null(await lookup.FindAsync(ApiKey.Hash(key), CancellationToken.None));

        await front.Grains.GetAccount("late").CreateKey(
            new NewApiKey(ApiKey.Hash(key), "late", ApiKeyScopes.Inference, ExpiresAt: null, ApiKeyLimits.None));

        Assert.NotNull(await lookup.FindAsync(ApiKey.Hash(key), CancellationToken.None));
    }

    [Fact]
    public async Task Find_UnknownKeysWithoutEnd_AreAskedForAFewAtATimeAndKnownOnesDoNotWait()
    {
        var clock = new TestClock();
        var record = new ApiKeyRecord(
            "key_1", "a", "b", "c", ApiKeyScopes.Inference, clock.GetUtcNow(), ExpiresAt: null, ApiKeyLimits.None);
        var answers = new ConcurrentQueue<Task<ApiKeyRecord?>>([Task.FromResult<ApiKeyRecord?>(record)]);
        var asked = 0;
        var silence = new TaskCompletionSource<ApiKeyRecord?>();
        using var lookup = new ApiKeyLookup(
            Answering<IGrainFactory>(() => Answering<IApiKeyGrain>(() =>
            {
                Interlocked.Increment(ref asked);
                return answers.TryDequeue(out var answer) ? answer : silence.Task;
            })),
            Store,
            clock);
        Assert.Same(record, await lookup.FindAsync("known", CancellationToken.None));
        asked = 0;

        var waiting = new List<Task<ApiKeyRecord?>>();
        for (var i = 0; i < 32 + 512; i++)
        {
            waiting.Add(lookup.FindAsync($"made-up-{i}", CancellationToken.None).AsTask());
        }

        Assert.Equal(32, asked);
        var refused = await Assert.ThrowsAsync<ApiException>(
            () => lookup.FindAsync("one-too-many", CancellationToken.None).AsTask());
        Assert.Equal(503, refused.Status);

        clock.Advance(TimeSpan.FromSeconds(2));
        answers.Enqueue(Task.FromResult<ApiKeyRecord?>(record));
        Assert.Same(record, await lookup.FindAsync("known", CancellationToken.None));

        silence.SetResult(null);
        Assert.All(await Task.WhenAll(waiting), Assert.Null);
        Assert.Equal(32 + 512 + 1, asked);
    }

    private static T Answering<T>(Func<object> answer)
        where T : class
    {
        var proxy = DispatchProxy.Create<T, AnsweringProxy>();
        ((AnsweringProxy)(object)proxy).Answer = answer;
        return proxy;
    }

    /// <summary>Answers every method in the same way.</summary>
    public class AnsweringProxy : DispatchProxy
    {
        public Func<object> Answer { get; set; } = static () => throw new NotSupportedException();

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => Answer();
    }
}
