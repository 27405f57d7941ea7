using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Edge;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.Embedded.Tests.Networking;

namespace Orleans.Embedded.Tests.Edge;

/// <summary>An edge silo that proves itself and then sends whatever the test says.</summary>
internal sealed class RawEdge : IConnectionHandler
{
    private readonly PendingCalls _pending = new();
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Serializer _serializer;
    private readonly EdgeMessageFormat _format;
    private readonly Connection _connection;

    private RawEdge(IHost gateway, PipePair pipes, string identity)
    {
        Identity = identity;
        Manifest = gateway.Services.GetRequiredService<GrainManifestIndex>();
        _serializer = new Serializer(Manifest, gateway.Services);
        _format = new EdgeMessageFormat(_serializer, Manifest);
        _connection = new Connection(
            pipes.Caller,
            new PeerIdentity(NodeRole.Silo, EdgeTestGrid.Cluster, string.Empty),
            this,
            new ConnectionLimits(),
            TimeProvider.System,
            NullLogger.Instance);
        Ended = _connection.RunAsync();
    }

    public string Identity { get; }

    public GrainManifestIndex Manifest { get; }

    /// <summary>Completes when the connection has ended, with the reason.</summary>
    public Task<CloseReason> Ended { get; }

    /// <summary>Comes to a gateway with a key of its own.</summary>
    public static async Task<RawEdge> ConnectAsync(IHost gateway)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return await ConnectAsync(gateway, new TestCredential(key));
    }

    public static async Task<RawEdge> ConnectAsync(IHost gateway, IEdgeCredential credential)
    {
        var pipes = new PipePair();
        await HandshakeAsync(gateway, pipes, credential);
        return new RawEdge(gateway, pipes, credential.Identity);
    }

    public static async Task HandshakeAsync(
        IHost gateway, PipePair pipes, IEdgeCredential credential, string cluster = EdgeTestGrid.Cluster)
    {
        _ = gateway.Services.GetRequiredService<EdgeGateway>().ServeAsync(pipes.Listener, CancellationToken.None);
        await Handshake.CallAsync(
            pipes.Caller,
            new EdgeHandshake(credential, cluster),
            string.Empty,
            TimeSpan.FromSeconds(20),
            TimeProvider.System,
            CancellationToken.None).Within("the handshake");
    }

    /// <summary>Announces that it hosts nothing, and waits to be admitted.</summary>
    public Task AnnounceAsync()
    {
        Send(new EdgeMessage(EdgeMessageKind.Announce, Body: new List<string>()));
        return _admitted.Task.Within("the admission");
    }

    public void Send(in EdgeMessage message)
    {
        using var writer = new WireWriter(_serializer);
        EdgeMessageFormat.Write(writer, message);
        _connection.TrySend(writer.Written, null);
    }

    /// <summary>Sends a request and returns what is answered.</summary>
    public async Task<T> AskAsync<T>(GrainId grain, GrainRequest request)
    {
        var answer = new Answer();
        var message = new Message
        {
            Kind = MessageKind.Request,
            SendingSilo = SiloAddress.New(IPAddress.Loopback, 0, 1),
            TargetGrain = grain,
            Body = request,
            Call = request.NewCall(answer),
        };
        _pending.Add(message);
        Send(new EdgeMessage(EdgeMessageKind.Request, message.Id, grain, Body: request));
        return (T)(await answer.Outcome.Within($"the answer to {request.Method}"))!;
    }

    public void OnMessage(Connection connection, ReadOnlySpan<byte> message)
    {
        var received = _format.Read(message);
        switch (received.Kind)
        {
            case EdgeMessageKind.Admitted:
                _admitted.TrySetResult();
                break;
            case EdgeMessageKind.Response:
                _pending.Deliver(received.Id, (ReceivedResponse)received.Body!);
                break;
        }
    }

    public void OnDraining(Connection connection)
    {
    }

    public void OnClosed(Connection connection, CloseReason reason, IReadOnlyList<Message> unsent)
    {
    }

    private sealed class Answer : IAnswer
    {
        private readonly TaskCompletionSource<object?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<object?> Outcome => _outcome.Task;

        public void Succeed<T>(T value, Codec<T>? codec)
        {
            _outcome.TrySetResult(value);
        }

        public void Fail(Exception error)
        {
            _outcome.TrySetException(error);
        }
    }
}
