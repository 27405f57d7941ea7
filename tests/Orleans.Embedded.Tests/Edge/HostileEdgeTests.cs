using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Tests.Networking;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>Edge silos that do not keep to the protocol.</summary>
public sealed class HostileEdgeTests : IAsyncLifetime
{
    private readonly EdgeTestGrid _grid = new();
    private WebApplication? _core;

    private EdgeGateway Gateway => _core!.Services.GetRequiredService<EdgeGateway>();

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
    public async Task Connect_WrongOrReplayedProof_IsTurnedAway()
    {
        foreach (var credential in new[] { new Liar(true), new Liar(false) })
        {
            var error = await Assert.ThrowsAsync<ConnectionClosedException>(() => HandshakeAsync(new PipePair(), credential));
            Assert.Equal(CloseCode.NotAuthenticated, error.Reason.Code);
        }
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

    [Fact]
    public async Task Send_TooLargeMessage_EndsTheConnection()
    {
        var large = new EdgeMessage(EdgeMessageKind.Announce, Body: new List<string> { new('x', 20_000) });

        Assert.Equal(CloseCode.TooLarge, (await ReasonAfterAsync(large)).Code);
    }

    private async Task HandshakeAsync(PipePair pipes, IEdgeCredential credential)
    {
        _ = Gateway.ServeAsync(pipes.Listener, CancellationToken.None);
        await Handshake.CallAsync(
            pipes.Caller,
            new EdgeHandshake(credential, EdgeTestGrid.Cluster),
            string.Empty,
            TimeSpan.FromSeconds(20),
            TimeProvider.System,
            CancellationToken.None).Within("the handshake");
    }

    private async Task<CloseReason> ReasonAfterAsync(params EdgeMessage[] messages)
    {
        var pipes = new PipePair();
        await HandshakeAsync(pipes, new Honest());
        var connection = new Connection(
            pipes.Caller,
            new PeerIdentity(NodeRole.Silo, EdgeTestGrid.Cluster, string.Empty),
            new Deaf(),
            new ConnectionLimits(),
            TimeProvider.System,
            NullLogger.Instance);
        var run = connection.RunAsync();
        var serializer = new Serializer(_core!.Services.GetRequiredService<GrainManifestIndex>(), _core.Services);
        foreach (var message in messages)
        {
            using var writer = new WireWriter(serializer);
            EdgeMessageFormat.Write(writer, message);
            connection.TrySend(writer.Written, null);
        }

        return await run.Within("the end of the connection");
    }

    private static byte[] Sign(ECDsa key, EdgeChallenge challenge)
    {
        return EdgeKey.Prove(key, challenge);
    }

    private sealed class Deaf : IConnectionHandler
    {
        public void OnMessage(Connection connection, ReadOnlySpan<byte> message)
        {
        }

        public void OnDraining(Connection connection)
        {
        }

        public void OnClosed(Connection connection, CloseReason reason, IReadOnlyList<Message> unsent)
        {
        }
    }

    private sealed class Honest : IEdgeCredential
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Scheme => EdgeKey.Scheme;

        public string Identity => EdgeKey.IdentityOf(_key.ExportSubjectPublicKeyInfo());

        public ValueTask<byte[]> ProveAsync(EdgeChallenge challenge, CancellationToken cancellationToken)
        {
            return new ValueTask<byte[]>(Sign(_key, challenge));
        }
    }

    /// <summary>Claims another's identity, or sends a proof of another connection.</summary>
    private sealed class Liar(bool claimsAnother) : IEdgeCredential
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Scheme => EdgeKey.Scheme;

        public string Identity => claimsAnother
            ? new Honest().Identity
            : EdgeKey.IdentityOf(_key.ExportSubjectPublicKeyInfo());

        public ValueTask<byte[]> ProveAsync(EdgeChallenge challenge, CancellationToken cancellationToken)
        {
            return new ValueTask<byte[]>(Sign(_key, claimsAnother
                ? challenge
                : new EdgeChallenge(challenge.ClusterId, challenge.Identity, new byte[EdgeChallenge.NonceBytes])));
        }
    }
}
