namespace Orleans.Conformance.Tests.Activation;

public sealed class ActivationTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task FirstCall_Grain_ActivatesBeforeTheRequest()
    {
        var grain = silo.Client.GetGrain<ILifecycleGrain>("first call");

        Assert.Equal(11, await grain.Events());
        Assert.Equal(11, await grain.Events());
    }

    [Fact]
    public async Task FirstCalls_Concurrent_MakeOneActivation()
    {
        var grain = silo.Client.GetGrain<ILifecycleGrain>("concurrent");

        var events = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => grain.Events()))
            .Within("a hundred answers");

        Assert.All(events, static number => Assert.Equal(11, number));
    }

    [Fact]
    public async Task Activation_OnActivateThrows_ReachesCallersAndTheNextCallTriesAgain()
    {
        var grain = silo.Client.GetGrain<IFailsToActivateGrain>("2-times");

        var first = await Assert.ThrowsAsync<NotSupportedException>(grain.Attempts);
        var second = await Assert.ThrowsAsync<NotSupportedException>(grain.Attempts);

        Assert.Equal("Attempt 1 fails.", first.Message);
        Assert.Equal("Attempt 2 fails.", second.Message);
        Assert.Equal(3, await grain.Attempts());
    }

    [Fact]
    public async Task Activation_ConstructorThrows_ReachesCallersWrapped()
    {
        var grain = silo.Client.GetGrain<IFailsToConstructGrain>("key");

        var error = await Assert.ThrowsAsync<InvalidOperationException>(grain.Call);

        Assert.IsType<NotSupportedException>(error.InnerException);
    }

    [Fact]
    public async Task Activation_PlainObjectWithServices_RunsAndIsDisposed()
    {
        var grain = silo.Client.GetGrain<IPocoGrain>("p");

        Assert.Equal("plain-object/p", await grain.Describe());
        await Signals.Await("plain-object/p activated");

        await grain.End();
        await Signals.Await("plain-object/p disposed");
    }
}
