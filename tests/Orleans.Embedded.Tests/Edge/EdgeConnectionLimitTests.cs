using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Tests.Networking;
using static Orleans.Embedded.Tests.Edge.EdgeTestGrid;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>How many connections a gateway keeps, whatever the edge silos at the other end do.</summary>
public sealed class EdgeConnectionLimitTests : IAsyncDisposable
{
    private readonly EdgeTestGrid _grid = new();

    public ValueTask DisposeAsync()
    {
        return _grid.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_WhileOneThatHostsNothingYetOrAnyMoreIsThere_CountsIt(bool hasLeft)
    {
        var core = await _grid.StartCoreAsync(static limits => limits.MaxEdgeSilos = 1);
        var first = await RawEdge.ConnectAsync(core);
        if (hasLeft)
        {
            await first.AnnounceAsync();
            first.Send(new EdgeMessage(EdgeMessageKind.Leaving));
            await Signals.Until(() => GatewayAt(core).EdgeSilos.Count == 0, "the leaving");
        }

        var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => RawEdge.ConnectAsync(core));

        Assert.Equal(CloseCode.Busy, error.Reason.Code);
        Assert.True(GatewayAt(core).Disconnect(first.Identity, "It is not wanted."));
        Assert.Equal(CloseCode.NotAdmitted, (await first.Ended.Within("the end of the first")).Code);
    }

    [Fact]
    public async Task Connect_SameIdentityAgainAndAgain_ReplacesTheOldest()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var core = await _grid.StartCoreAsync();
        var first = await RawEdge.ConnectAsync(core, new TestCredential(key));
        for (var i = 0; i < 4; i++)
        {
            Assert.False(first.Ended.IsCompleted);
            await RawEdge.ConnectAsync(core, new TestCredential(key));
        }

        Assert.Equal(CloseCode.Replaced, (await first.Ended.Within("the end of the first")).Code);
    }

    [Fact]
    public async Task Stop_Gateway_ClosesThoseThatAnnouncedNothing()
    {
        var core = await _grid.StartCoreAsync();
        var edge = await RawEdge.ConnectAsync(core);

        core.Services.GetRequiredService<EdgeGateway>().Stop();

        Assert.Equal(CloseCode.Stopping, (await edge.Ended.Within("the end of the connection")).Code);
    }

    [Fact]
    public async Task Serve_MoreHandshakesThanAllowed_EndsAtOnce()
    {
        var core = await _grid.StartCoreAsync(static limits =>
        {
            limits.MaxHandshakes = 1;
            limits.HandshakeTimeout = TimeSpan.FromHours(1);
        });
        var gateway = core.Services.GetRequiredService<EdgeGateway>();
        using var end = new CancellationTokenSource();
        var silent = gateway.ServeAsync(new PipePair().Listener, end.Token);

        await gateway.ServeAsync(new PipePair().Listener, CancellationToken.None).Within("the refusal");

        Assert.False(silent.IsCompleted);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silent.Within("the silent one"));
    }
}
