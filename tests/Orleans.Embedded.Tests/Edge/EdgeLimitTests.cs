using static Orleans.Embedded.Tests.Edge.EdgeTestGrid;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>How much one edge silo may ask of its gateway, and be asked.</summary>
public sealed class EdgeLimitTests : IAsyncDisposable
{
    private readonly EdgeTestGrid _grid = new();

    public ValueTask DisposeAsync()
    {
        return _grid.DisposeAsync();
    }

    [Fact]
    public async Task Call_MoreOftenThanAllowed_IsRefusedAndNotExecuted()
    {
        var core = await _grid.StartCoreAsync(static limits => (limits.CallsPerSecond, limits.CallBurst) = (1e-6, 2));
        var edge = await _grid.StartEdgeAsync("one", cores: core);
        var center = GrainsOf(edge).GetGrain<ICenterGrain>("often");

        await center.WhoCalls(null).Within("the first call");
        await center.WhoCalls(null).Within("the second call");

        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => center.WhoCalls(null).Within("the third call"));
        var info = Assert.Single(GatewayAt(core).EdgeSilos);
        Assert.Equal((2, 1), (info.Calls, info.Refusals));
    }

    [Fact]
    public async Task Call_TooManyAtOnce_IsRefusedUntilOneIsAnswered()
    {
        var core = await _grid.StartCoreAsync(static limits => limits.MaxPendingCalls = 1);
        var edge = await _grid.StartEdgeAsync("one", cores: core);
        var center = GrainsOf(edge).GetGrain<ICenterGrain>("pending");
        var running = GrainsOf(edge).GetGrain<ICenterGrain>("held").Hold("edge pending");
        await Signals.Await("edge pending in");

        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => center.WhoCalls(null).Within("one call more"));

        Signals.Set("edge pending out");
        await running.Within("the call that ran");
        await center.WhoCalls(null).Within("a call after it");
        Assert.Equal(1, Assert.Single(GatewayAt(core).EdgeSilos).Refusals);
    }

    [Fact]
    public async Task Enumerate_TooManyAtOnce_IsRefusedUntilOneEnds()
    {
        var core = await _grid.StartCoreAsync(static limits => limits.MaxOpenStreams = 1);
        var edge = await _grid.StartEdgeAsync("one", cores: core);
        var center = GrainsOf(edge).GetGrain<ICenterGrain>("streams");
        var open = center.Count(1000).GetAsyncEnumerator();
        Assert.True(await open.MoveNextAsync().AsTask().Within("the first item"));

        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => FirstAsync(center).Within("one enumeration more"));

        await open.DisposeAsync();
        Assert.True(await FirstAsync(center).Within("an enumeration after it"));
        Assert.Equal(1, Assert.Single(GatewayAt(core).EdgeSilos).Refusals);
    }

    [Fact]
    public async Task Call_ToEdgeSiloThatAnswersNothing_IsRefusedAboveItsLimit()
    {
        var core = await _grid.StartCoreAsync(static limits => limits.MaxPendingRequests = 1);
        var edge = await _grid.StartEdgeAsync("one", cores: core);
        var machine = MachineOf(core, edge);
        var running = machine.Hold("edge asked");
        await Signals.Await("edge asked in");

        await Assert.ThrowsAsync<OrleansMessageRejectionException>(() => machine.Describe("x").Within("one request more"));

        Signals.Set("edge asked out");
        await running.Within("the request that ran");
        Assert.EndsWith("x 0", await machine.Describe("x").Within("a request after it"), StringComparison.Ordinal);
    }

    private static async Task<bool> FirstAsync(ICenterGrain center)
    {
        await using var numbers = center.Count(2).GetAsyncEnumerator();
        return await numbers.MoveNextAsync();
    }
}
