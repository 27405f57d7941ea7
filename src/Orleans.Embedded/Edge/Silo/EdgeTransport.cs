using System.Net;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// The messages of an edge silo, all of which go to its gateway or come from it. Each connection has a silo address of its
/// own, so an answer never goes to another gateway than the one that asked.
/// </summary>
internal sealed class EdgeTransport(
    LocalNode node, EdgeMembership membership, EdgeHosting hosting, Serializer serializer, GrainManifestIndex manifest)
    : IMessageTransport, IConnectionHandler
{
    private readonly EdgeMessageFormat _format = new(serializer, manifest);
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IMessageReceiver? _receiver;
    private Link? _link;
    private int _count;

    /// <summary>The gateway that has admitted this edge silo; null while there is none.</summary>
    public SiloAddress? Gateway => Volatile.Read(ref _link) is { IsAdmitted: true } link ? link.Address : null;

    public Task Connected => Volatile.Read(ref _connected).Task;

    public Task StartAsync(SiloAddress local, IMessageReceiver receiver, CancellationToken cancellationToken)
    {
        _receiver = receiver;
        return Task.CompletedTask;
    }

    /// <summary>Uses a new connection, and tells the gateway what is hosted here.</summary>
    public void Attach(Connection connection)
    {
        var link = new Link(connection, SiloAddress.New(IPAddress.None, 0, Interlocked.Increment(ref _count)));
        Volatile.Write(ref _link, link);
        TrySend(link, new EdgeMessage(EdgeMessageKind.Announce, Body: hosting.Names));
    }

    /// <summary>Tells the gateway that this edge silo wants no more requests.</summary>
    public void Leave()
    {
        if (Volatile.Read(ref _link) is { IsAdmitted: true } link)
        {
            TrySend(link, new EdgeMessage(EdgeMessageKind.Leaving));
        }
    }

    /// <summary>Completes when the gateway has all that was sent to it, or the connection has ended.</summary>
    public Task DrainAsync()
    {
        return Volatile.Read(ref _link)?.Connection.DrainAsync() ?? Task.CompletedTask;
    }

    public void Send(Message message)
    {
        var link = Volatile.Read(ref _link);
        if (link is null || !link.Address.Equals(message.TargetSilo) || !TrySend(link, ToEdgeMessage(message)))
        {
            _receiver!.OnUndeliverable(message);
        }
    }

    public Task StopReceivingAsync()
    {
        return Task.CompletedTask;
    }

    public void Abort()
    {
        Volatile.Read(ref _link)?.Connection.Close(CloseReason.Stopping);
    }

    public void OnMessage(Connection connection, ReadOnlySpan<byte> message)
    {
        var received = _format.Read(message);
        var link = Volatile.Read(ref _link)!;
        switch (received.Kind)
        {
            case EdgeMessageKind.Admitted:
                link.IsAdmitted = true;
                membership.SetGateway(link.Address, SiloStatus.Active);
                _connected.TrySetResult();
                break;
            case EdgeMessageKind.Request:
                _receiver!.OnMessage(ToMessage(MessageKind.Request, link, received));
                break;
            case EdgeMessageKind.OneWay:
                _receiver!.OnMessage(ToMessage(MessageKind.OneWay, link, received));
                break;
            case EdgeMessageKind.Response:
                _receiver!.OnMessage(ToMessage(MessageKind.Response, link, received));
                break;
            case EdgeMessageKind.Cancel:
                _receiver!.OnMessage(ToMessage(MessageKind.Cancel, link, received));
                break;
        }
    }

    public void OnDraining(Connection connection)
    {
    }

    public void OnClosed(Connection connection, CloseReason reason, IReadOnlyList<Message> unsent)
    {
        if (Volatile.Read(ref _link) is { } link && ReferenceEquals(link.Connection, connection))
        {
            Volatile.Write(ref _link, null);
            if (link.IsAdmitted)
            {
                Volatile.Write(ref _connected, new(TaskCreationOptions.RunContinuationsAsynchronously));
                membership.SetGateway(link.Address, SiloStatus.Dead);
            }
        }
    }

    private static EdgeMessage ToEdgeMessage(Message message)
    {
        var kind = message.Kind switch
        {
            MessageKind.Request => EdgeMessageKind.Request,
            MessageKind.OneWay => EdgeMessageKind.OneWay,
            MessageKind.Response => EdgeMessageKind.Response,
            MessageKind.Cancel => EdgeMessageKind.Cancel,
            _ => throw new NotSupportedException($"An edge silo sends no {message.Kind}."),
        };
        var isCall = message.Body is CodeGeneration.GrainRequest;
        return new EdgeMessage(
            kind, message.Id, isCall ? message.TargetGrain : default, message.CanBeCancelled, message.Body);
    }

    private Message ToMessage(MessageKind kind, Link link, in EdgeMessage received)
    {
        return new Message
        {
            Kind = kind,
            Id = received.Id,
            SendingSilo = link.Address,
            TargetSilo = node.Address,
            TargetGrain = kind == MessageKind.Cancel ? link.Take(received.Id) : link.Note(received),
            CanBeCancelled = received.CanBeCancelled,
            Body = received.Body,
        };
    }

    private bool TrySend(Link link, in EdgeMessage message)
    {
        using var writer = new WireWriter(serializer);
        EdgeMessageFormat.Write(writer, message);
        if (message.Kind == EdgeMessageKind.Response)
        {
            link.Take(message.Id);
        }

        return link.Connection.TrySend(writer.Written, null);
    }

    /// <summary>One connection, and the requests of its gateway that may be cancelled, with their grains.</summary>
    private sealed class Link(Connection connection, SiloAddress address)
    {
        private readonly Dictionary<long, GrainId> _cancellable = [];
        private volatile bool _isAdmitted;

        public Connection Connection => connection;

        public SiloAddress Address => address;

        public bool IsAdmitted
        {
            get => _isAdmitted;
            set => _isAdmitted = value;
        }

        public GrainId Note(in EdgeMessage request)
        {
            if (request.CanBeCancelled)
            {
                lock (_cancellable)
                {
                    _cancellable[request.Id] = request.Grain;
                }
            }

            return request.Grain;
        }

        public GrainId Take(long id)
        {
            lock (_cancellable)
            {
                return _cancellable.Remove(id, out var grain) ? grain : default;
            }
        }
    }
}
