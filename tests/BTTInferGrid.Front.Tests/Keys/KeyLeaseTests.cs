using System.Reflection;
using BTTInferGrid.Accounts;
using BTTInferGrid.Front.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace BTTInferGrid.Front.Tests.Keys;

/// <summary>What a running request does for its place.</summary>
[Collection(FrontFixture.Collection)]
public sealed class KeyLeaseTests(FrontFixture front)
{
    [Fact]
    public async Task Lease_OfARunningRequest_IsRenewedUntilItEnds()
    {
        var timers = new HandTimers();
        var key = front.Grains.GetApiKey(
            ApiKey.Hash(await front.CreateKeyAsync(limits: new ApiKeyLimits(ConcurrentRequests: 1))));
        await key.Admit("long", 1);
        var lease = new KeyLease(key, "key_1", "long", timers, NullLogger.Instance);

        for (var i = 0; i < 4; i++)
        {
            front.Clock.Advance(Admission.LeaseTime * 0.6);
            timers.Fire();
            await Assert.ThrowsAsync<RateLimitedException>(() => key.Admit("next", 1));
        }

        await lease.DisposeAsync();
        await key.Admit("next", 1);
    }

    [Fact]
    public async Task Dispose_KeyThatDoesNotAnswer_IsNotWaitedForAndDoesNotFail()
    {
        var timers = new HandTimers();
        var lease = new KeyLease(SilentKey.Create(), "key_1", "a", timers, NullLogger.Instance);

        var disposal = lease.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        timers.Fire();

        await disposal;
    }

    /// <summary>Timers that fire when the test says so.</summary>
    private sealed class HandTimers : TimeProvider
    {
        private readonly List<HandTimer> _running = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(_running, callback, state);
            _running.Add(timer);
            return timer;
        }

        public void Fire() => _running.ToList().ForEach(static timer => timer.Callback(timer.State));

        private sealed record HandTimer(List<HandTimer> Running, TimerCallback Callback, object? State) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => Running.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }

    /// <summary>A key whose silo hangs.</summary>
    public class SilentKey : DispatchProxy
    {
        public static IApiKeyGrain Create() => Create<IApiKeyGrain, SilentKey>();

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => new TaskCompletionSource().Task;
    }
}
