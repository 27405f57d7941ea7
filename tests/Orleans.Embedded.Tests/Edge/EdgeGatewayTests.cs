using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Clustering;
using static Orleans.Embedded.Tests.Edge.EdgeTestGrid;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>What a gateway makes of its own troubles, and of edge silos that leave or come twice.</summary>
public sealed class EdgeGatewayTests : IAsyncDisposable
{
    private readonly EdgeTestGrid _grid = new();

    public ValueTask DisposeAsync()
    {
        return _grid.DisposeAsync();
    }

    [Fact]
    public async Task Fenced_Gateway_ItsEdgeSilosGoToAnother()
    {
        var near = await _grid.StartCoreAsync();
        var far = await _grid.StartCoreAsync();
        var edge = await _grid.StartEdgeAsync("one", cores: [near, far]);
        Assert.Single(GatewayAt(near).EdgeSilos);
        var pending = MachineOf(far, edge).Hold("edge fenced");
        await Signals.Await("edge fenced in");

        near.Services.GetRequiredService<SiloFence>().PutOff(0);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => pending.Within("the call by way of the fenced silo"));
        await Signals.Until(() => GatewayAt(far).EdgeSilos.Count == 1, "connection with the other gateway");
        Signals.Set("edge fenced out");
        Assert.Empty(GatewayAt(near).EdgeSilos);
        Assert.EndsWith("x 0", await MachineOf(far, edge).Describe("x").Within("a call"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fenced_Gateway_LetsNobodyInUntilItIsAMemberAgain()
    {
        var core = await _grid.StartCoreAsync();
        var fence = core.Services.GetRequiredService<SiloFence>();
        fence.PutOff(0);
        var edge = await _grid.StartEdgeAsync("one", connects: false, cores: core);

        var connected = SiloOf(edge).WaitUntilConnectedAsync();
        Assert.False(connected.IsCompleted);
        fence.PutOff(long.MaxValue);

        await connected.Within("connection with a member");
    }

    [Fact]
    public async Task Connect_DirectoryDown_EdgeSiloIsNotAdmittedUntilItIsUp()
    {
        FailingDirectory? directory = null;
        var core = await _grid.StartCoreAsync(directory: store => directory = new FailingDirectory(store) { IsDown = true });
        var edge = await _grid.StartEdgeAsync("one", connects: false, cores: core);

        // It is asked once to register and once to forget: more is another try.
        await Signals.Until(() => directory!.Failures > 2, "another try of the edge silo");
        Assert.False(SiloOf(edge).IsConnected);
        await Assert.ThrowsAsync<SiloUnavailableException>(
            () => GrainsOf(edge).GetGrain<ICenterGrain>("any").WhoCalls(null).Within("a call while not connected"));

        directory!.IsDown = false;

        await SiloOf(edge).WaitUntilConnectedAsync().Within("connection once the directory is up");
        Assert.EndsWith("x 0", await MachineOf(core, edge).Describe("x").Within("a call"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_SameIdentityAtTheSameGateway_ReplacesTheOlder()
    {
        var core = await _grid.StartCoreAsync();
        var first = await _grid.StartEdgeAsync("one", static o => o.MaxBackoff = TimeSpan.FromHours(1), cores: core);
        var pending = MachineOf(core, first).Hold("edge replaced here");
        await Signals.Await("edge replaced here in");

        var second = await _grid.StartEdgeAsync("one", cores: core);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => pending.Within("the call at the older connection"));
        await Signals.Until(() => !SiloOf(first).IsConnected, "end of the older connection");
        Signals.Set("edge replaced here out");
        Assert.Single(GatewayAt(core).EdgeSilos);
        Assert.EndsWith("x 0", await MachineOf(core, second).Describe("x").Within("a call"), StringComparison.Ordinal);
        Assert.True(SiloOf(second).IsConnected);
    }

    [Fact]
    public async Task Lost_EdgeSilo_WhatItCalledIsCancelled()
    {
        var core = await _grid.StartCoreAsync();
        var edge = await _grid.StartEdgeAsync("one", cores: core);
        using var source = new CancellationTokenSource();
        var call = GrainsOf(edge).GetGrain<ICenterGrain>("cancelled").WaitForCancel("edge gone", source.Token);
        await Signals.Await("edge gone in");

        Assert.True(GatewayAt(core).Disconnect(SiloOf(edge).Identity, "for the test"));

        await Signals.Await("edge gone cancelled");
        await Assert.ThrowsAsync<SiloUnavailableException>(() => call.Within("the call"));
    }

    [Fact]
    public async Task Stop_EdgeSilo_RunningCallsEndAndNewOnesAreRefused()
    {
        var core = await _grid.StartCoreAsync();
        var edge = await _grid.StartEdgeAsync("one", cores: core);
        var machine = MachineOf(core, edge);
        var running = machine.Hold("edge stops");
        await Signals.Await("edge stops in");

        var stop = edge.StopAsync();
        await Signals.Until(() => GatewayAt(core).EdgeSilos.Count == 0, "the edge silo's leave");

        await Assert.ThrowsAsync<SiloUnavailableException>(() => machine.Describe("x").Within("a call after the leave"));
        Assert.False(running.IsCompleted);
        Signals.Set("edge stops out");
        await running.Within("the call that ran");
        await stop.Within("the stop");
    }
}
