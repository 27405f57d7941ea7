using Microsoft.Extensions.Hosting;
using static Orleans.Embedded.Tests.Edge.EdgeTestGrid;

namespace Orleans.Embedded.Tests.Edge;

public sealed class EdgeSiloTests : IAsyncLifetime
{
    private readonly EdgeTestGrid _grid = new();
    private IHost? _near;
    private IHost? _far;

    private IHost Near => _near!;

    private IHost Far => _far!;

    public async Task InitializeAsync()
    {
        _near = await _grid.StartCoreAsync();
        _far = await _grid.StartCoreAsync();
    }

    public async Task DisposeAsync()
    {
        await _grid.DisposeAsync();
    }

    [Fact]
    public async Task Call_TwoEdgeSilosAtTwoGateways_ReachesEachFromBothSilosAndThroughStreams()
    {
        var one = await _grid.StartEdgeAsync("one", cores: Near);
        var two = await _grid.StartEdgeAsync("two", cores: Far);
        foreach (var core in new[] { Near, Far })
        {
            foreach (var edge in new[] { one, two })
            {
                var machine = MachineOf(core, edge);
                Assert.Equal($"{SiloOf(edge).Identity}: hello 0", await machine.Describe("hello").Within("a call"));
                Assert.Equal(Enumerable.Range(0, 250), await ReadAsync(machine.Count(250, null)).Within("a stream"));
            }
        }
    }

    [Fact]
    public async Task Call_ByEdgeSilo_CarriesItsIdentityAndNothingElse()
    {
        var edge = await _grid.StartEdgeAsync("one", cores: Near);
        var identity = SiloOf(edge).Identity;

        Assert.Equal($"{identity} ", await MachineOf(Far, edge).AskCenter("from a grain").Within("the call"));
        var center = GrainsOf(edge).GetGrain<ICenterGrain>("from the host");
        Assert.Equal($"{identity} ", await center.WhoCalls(null).Within("the call"));
        Assert.Equal(Enumerable.Range(0, 250), await ReadAsync(center.Count(250)).Within("the stream"));
        var other = await _grid.StartEdgeAsync("two", cores: Far);
        var machine = GrainsOf(edge).GetGrain<IMachineGrain>(SiloOf(other).Identity);
        Assert.Equal($"{SiloOf(other).Identity} greets ", await machine.Greet().Within("the call of another edge silo"));
    }

    [Fact]
    public async Task Call_UnmarkedMethod_IsRefusedAndCounted()
    {
        var edge = await _grid.StartEdgeAsync("one", cores: Near);

        var error = await MachineOf(Near, edge).CallUnmarked("any").Within("the call");

        Assert.Contains("may not call", error, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(GatewayAt(Near).EdgeSilos).Refusals);
    }

    [Fact]
    public async Task Call_Fails_EdgeSiloLearnsNothingOfTheInside()
    {
        var edge = await _grid.StartEdgeAsync("one", cores: Near);
        var center = GrainsOf(edge).GetGrain<ICenterGrain>("failing");

        var error = await Assert.ThrowsAsync<OrleansException>(() => center.Fail("secret words").Within("the call"));

        Assert.DoesNotContain("secret words", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(CenterGrain), error.ToString(), StringComparison.Ordinal);
        Assert.Null(error.InnerException);
    }

    [Fact]
    public async Task Call_WithAReference_IsRefused()
    {
        var edge = await _grid.StartEdgeAsync("one", cores: Near);
        var factory = GrainsOf(edge);

        await Assert.ThrowsAnyAsync<Exception>(() => factory.GetGrain<ICenterGrain>("any")
            .TakeReference(factory.GetGrain<IMachineGrain>("x")).Within("the call"));

        Assert.Equal(1, Assert.Single(GatewayAt(Near).EdgeSilos).Refusals);
    }

    [Fact]
    public async Task Call_EdgeSiloThatIsNotConnected_FailsAtOnce()
    {
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => GrainsOf(Near).GetGrain<IMachineGrain>("nobody").Describe("x").Within("the call"));

        Assert.Contains("No edge silo with identity nobody is connected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lost_PendingCallsAndStreams_FailAtOnceAndLaterCallsFailFast()
    {
        var edge = await _grid.StartEdgeAsync("one", cores: Near);
        var machine = MachineOf(Far, edge);
        await using var numbers = machine.Count(3, "edge lost stream").GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await numbers.MoveNextAsync());
        }

        // The call goes the same way as the question for the next number, so that is at the edge silo before it.
        var move = numbers.MoveNextAsync().AsTask();
        var call = machine.Hold("edge lost call");
        await Signals.Await("edge lost call in");

        GatewayAt(Near).Disconnect(SiloOf(edge).Identity, "for the test");

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call.Within("the pending call"));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => move.Within("the stream"));
        Signals.Set("edge lost call out");
        await SiloOf(edge).WaitUntilConnectedAsync().Within("reconnection");
        await Signals.Until(() => GatewayAt(Near).EdgeSilos.Count == 1, "registration of the new connection");
        var answer = await machine.Describe("again").Within("a call by the new connection");
        Assert.EndsWith("again 0", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_CallToEdgeSilo_ReachesItsGrain()
    {
        var edge = await _grid.StartEdgeAsync("one", cores: Near);
        using var source = new CancellationTokenSource();
        var call = MachineOf(Far, edge).WaitForCancel("edge cancel", source.Token);
        await Signals.Await("edge cancel in");

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("the caller"));
        await Signals.Await("edge cancel cancelled");
    }

    [Fact]
    public async Task Connect_SameIdentityAtAnotherGateway_ReplacesTheOlder()
    {
        var first = await _grid.StartEdgeAsync("one", static o => o.MaxBackoff = TimeSpan.FromHours(1), cores: Near);
        var pending = MachineOf(Near, first).Hold("edge replaced");
        await Signals.Await("edge replaced in");

        var second = await _grid.StartEdgeAsync("one", cores: Far);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => pending.Within("the call at the older connection"));
        await Signals.Until(() => GatewayAt(Near).EdgeSilos.Count == 0, "end of the older connection");
        await Signals.Until(() => !SiloOf(first).IsConnected, "the older edge silo's news of it");
        Assert.EndsWith("x 0", await MachineOf(Near, second).Describe("x").Within("a call"), StringComparison.Ordinal);
        Signals.Set("edge replaced out");
    }

    [Fact]
    public async Task Stop_Gateway_EdgeSiloGoesToTheNext()
    {
        var third = await _grid.StartCoreAsync();
        var edge = await _grid.StartEdgeAsync("one", cores: [third, Far]);

        await third.StopAsync().Within("stop of the gateway");
        await Signals.Until(() => GatewayAt(Far).EdgeSilos.Count == 1, "connection with the other gateway");

        Assert.EndsWith("x 0", await MachineOf(Near, edge).Describe("x").Within("a call"), StringComparison.Ordinal);
    }

    private static async Task<List<int>> ReadAsync(IAsyncEnumerable<int> numbers)
    {
        var read = new List<int>();
        await foreach (var number in numbers)
        {
            read.Add(number);
        }

        return read;
    }
}
