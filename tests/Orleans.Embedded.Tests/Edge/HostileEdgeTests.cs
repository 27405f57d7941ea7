using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Activations;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Tests.Networking;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>Edge silos that do not keep to the protocol.</summary>
public sealed class HostileEdgeTests : IAsyncLifetime
{
    private readonly EdgeTestGrid _grid = new();
    private WebApplication? _core;

    public async Task InitializeAsync()
    {
        _core = await _grid.StartCoreAsync(static limits =>
        {
            limits.MaxMessageBytes = 10_000;
            limits.MaxRefusalsPerMinute = 5;
        });
    }

    public async Task DisposeAsync()
    {
        await _grid.DisposeAsync();
    }

    [Fact]
    public async Task Connect_WrongOrReplayedProofOrUnknownScheme_IsTurnedAway()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TestCredential[] credentials =
        [
            new(own) { Identity = new TestCredential(other).Identity },
            new(own)
            {
                Proves = static challenge => new EdgeChallenge(
                    challenge.ClusterId, challenge.Identity, new byte[EdgeChallenge.NonceBytes]),
            },
            new(own, "unknown"),
        ];

        foreach (var credential in credentials)
        {
            Assert.Equal(CloseCode.NotAuthenticated, await RefusalOfAsync(credential, EdgeTestGrid.Cluster));
        }
    }

    [Fact]
    public async Task Connect_AnotherCluster_IsTurnedAway()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal(CloseCode.WrongCluster, await RefusalOfAsync(new TestCredential(key), "another cluster"));
    }

    [Fact]
    public async Task Connect_WithoutAWordAfterTheHandshake_IsTurnedAwayInTimeAndMakesRoom()
    {
        var clock = new ManualClock();
        var core = await _grid.StartCoreAsync(
            static limits => (limits.MaxHandshakes, limits.HeartbeatInterval) = (1, TimeSpan.FromHours(1)), clock: clock);
        var timers = 0;
        while (clock.HasTimers(timers + 1))
        {
            timers++;
        }

        var silent = await RawEdge.ConnectAsync(core);
        await Signals.Until(() => clock.HasTimers(timers + 2), "the heartbeat and the time of the announcement");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var error = await Assert.ThrowsAsync<ConnectionClosedException>(
            () => RawEdge.HandshakeAsync(core, new PipePair(), new TestCredential(key)));
        Assert.Equal(CloseCode.Busy, error.Reason.Code);
        clock.Advance(new EdgeGatewayOptions().HandshakeTimeout);

        Assert.Equal(CloseCode.HandshakeTimeout, (await silent.Ended.Within("the end of the silent one")).Code);
        await Signals.Until(() => !clock.HasTimers(timers + 1), "the room it left");
        await (await RawEdge.ConnectAsync(core)).AnnounceAsync();
    }

    [Fact]
    public async Task Stop_Gateway_ConnectionThatAnnouncedNothingEndsToo()
    {
        var edge = await RawEdge.ConnectAsync(_core!);

        _core!.Services.GetRequiredService<EdgeGateway>().Stop();

        Assert.Equal(CloseCode.Stopping, (await edge.Ended.Within("the end of the connection")).Code);
    }

    [Fact]
    public async Task Announce_InterfaceOfCoreGrains_IsTurnedAway()
    {
        var reason = await ReasonAfterAsync(new EdgeMessage(
            EdgeMessageKind.Announce, Body: new List<string> { typeof(ICenterGrain).FullName! }));

        Assert.Equal(CloseCode.NotAdmitted, reason.Code);
    }

    [Fact]
    public async Task Send_MessageOfTheGateway_IsMalformed()
    {
        Assert.Equal(CloseCode.Malformed, (await ReasonAfterAsync(new EdgeMessage(EdgeMessageKind.Admitted))).Code);
    }

    [Fact]
    public async Task Send_AnswersToNothing_AreCountedAndThenTheConnectionEnds()
    {
        var answer = new EdgeMessage(EdgeMessageKind.Response, 7, Body: new FailedResponse(new TimeoutException()));
        var messages = Enumerable.Repeat(answer, 6)
            .Prepend(new EdgeMessage(EdgeMessageKind.Announce, Body: new List<string>())).ToArray();

        Assert.Equal(CloseCode.Misbehaved, (await ReasonAfterAsync(messages)).Code);
    }

    [Theory]
    [InlineData(typeof(ICountedGrain), "one", "1F")]
    [InlineData(typeof(ICountedGrain), "1f", "1F")]
    [InlineData(typeof(ICountedGrain), "11111111111111111", "FFFFFFFFFFFFFFFF")]
    [InlineData(typeof(ICountedGrain), "", "0")]
    [InlineData(typeof(INumberedGrain), "no guid", "0123456789abcdef0123456789abcdef")]
    [InlineData(typeof(INumberedGrain), "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdef")]
    public async Task Call_MalformedKey_IsRefusedCountedAndActivatesNothing(Type called, string key, string goodKey)
    {
        var edge = await RawEdge.ConnectAsync(_core!);
        await edge.AnnounceAsync();
        var activations = _core!.Services.GetRequiredService<ActivationRegistry>();

        await Assert.ThrowsAsync<ArgumentException>(() => KeyAsync(key));

        Assert.Empty(activations.Active);
        Assert.Equal(1, Assert.Single(EdgeTestGrid.GatewayAt(_core).EdgeSilos).Refusals);
        await KeyAsync(goodKey);
        Assert.Single(activations.Active);

        Task<object> KeyAsync(string key)
        {
            var description = edge.Manifest.InterfaceOf(called);
            return edge.AskAsync<object>(
                new GrainId(EdgeGrainType.Named(description), key.Length == 0 ? default : IdSpan.Create(key)),
                edge.Manifest.NewRequest(Encoding.UTF8.GetBytes(description.Name.ToString()), "Key"u8)!);
        }
    }

    [Fact]
    public async Task Send_TooLargeMessage_EndsTheConnection()
    {
        var large = new EdgeMessage(EdgeMessageKind.Announce, Body: new List<string> { new('x', 20_000) });

        Assert.Equal(CloseCode.TooLarge, (await ReasonAfterAsync(large)).Code);
    }

    private async Task<CloseCode> RefusalOfAsync(IEdgeCredential credential, string cluster)
    {
        var error = await Assert.ThrowsAsync<ConnectionClosedException>(
            () => RawEdge.HandshakeAsync(_core!, new PipePair(), credential, cluster));
        return error.Reason.Code;
    }

    private async Task<CloseReason> ReasonAfterAsync(params EdgeMessage[] messages)
    {
        var edge = await RawEdge.ConnectAsync(_core!);
        foreach (var message in messages)
        {
            edge.Send(message);
        }

        return await edge.Ended.Within("the end of the connection");
    }
}
