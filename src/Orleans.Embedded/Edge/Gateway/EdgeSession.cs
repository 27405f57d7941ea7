using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.Embedded.Edge;

/// <summary>An edge silo as its gateway has it: one connection, with calls both ways. Nothing it sends is trusted.</summary>
internal sealed class EdgeSession : IRequestTarget, IConnectionHandler
{
    private const int MaxInterfaces = 64;
    private readonly EdgeGateway _gateway;
    private readonly EdgeRequests _requests;
    private readonly EdgeCalls _calls;
    private readonly TokenBucket _refusals;
    private readonly HashSet<GrainType> _hosted = [];
    private Connection? _connection;
    private int _isInHandshake = 1;
    private volatile bool _isAdmitted;
    private volatile bool _isClosed;
    private long _refused;

    public EdgeSession(EdgeGateway gateway, string identity)
    {
        _gateway = gateway;
        Identity = identity;
        Address = gateway.NewAddress(identity);
        ConnectedAt = gateway.Clock.GetUtcNow();
        _requests = new EdgeRequests(gateway, this);
        _calls = new EdgeCalls(gateway, this);
        var perMinute = gateway.Options.MaxRefusalsPerMinute;
        _refusals = new TokenBucket(perMinute / 60.0, perMinute, gateway.Clock);
    }

    public string Identity { get; }

    /// <summary>The directory's row of the connection.</summary>
    public GrainAddress Address { get; }

    public DateTimeOffset ConnectedAt { get; }

    public bool IsClosed => _isClosed;

    public bool IsAdmitted => _isAdmitted;

    private bool HasAnnounced => Volatile.Read(ref _isInHandshake) == 0;

    public EdgeSiloInfo Info => new(
        Identity, ConnectedAt, [.. _hosted.Select(static type => type.ToString()[1..])], _calls.Count, Interlocked.Read(ref _refused));

    public bool Hosts(GrainId grain)
    {
        return _hosted.Contains(grain.Type);
    }

    public void Attach(Connection connection)
    {
        _connection = connection;
    }

    public void Receive(Message request)
    {
        _requests.Receive(request);
    }

    public void Cancel(SiloAddress sender, long id)
    {
        _requests.Cancel(sender, id);
    }

    public void FailExpired(long now)
    {
        _requests.FailExpired(now);
    }

    /// <summary>Asks the directory whether this is still the edge silo's connection.</summary>
    public void Recheck()
    {
        _ = _gateway.RecheckAsync(this);
    }

    public void Close(CloseReason reason)
    {
        _connection?.Close(reason);
    }

    /// <summary>The edge silo is registered: it may call.</summary>
    public void Admit()
    {
        _isAdmitted = true;
        Send(new EdgeMessage(EdgeMessageKind.Admitted));
    }

    /// <summary>The first message has come, or none will.</summary>
    public bool EndHandshake()
    {
        var isFirst = Interlocked.Exchange(ref _isInHandshake, 0) != 0;
        if (isFirst)
        {
            _gateway.EndHandshake();
        }

        return isFirst;
    }

    /// <summary>Who proves an identity and then says nothing only holds a place.</summary>
    public void EndUnlessAnnounced()
    {
        if (!HasAnnounced)
        {
            Close(new CloseReason(CloseCode.HandshakeTimeout, "The edge silo did not say what it hosts."));
        }
    }

    public void Refuse(EdgeRefusal reason)
    {
        Interlocked.Increment(ref _refused);
        _gateway.ReportRefused(this, reason);
        if (!_refusals.TryTake())
        {
            Close(new CloseReason(CloseCode.Misbehaved, "Too much of what came had to be refused."));
        }
    }

    /// <summary>Sends what must arrive; an edge silo that does not read is cut off.</summary>
    public void Send(in EdgeMessage message)
    {
        if (!TrySend(message))
        {
            Close(new CloseReason(CloseCode.NotReading, "The edge silo does not read its messages."));
        }
    }

    public bool TrySend(in EdgeMessage message)
    {
        using var writer = new WireWriter(_gateway.Format.Serializer);
        EdgeMessageFormat.Write(writer, message);
        return _connection!.TrySend(writer.Written, null);
    }

    public void OnMessage(Connection connection, ReadOnlySpan<byte> message)
    {
        var received = _gateway.Format.Read(message);
        switch (received.Kind)
        {
            case EdgeMessageKind.Announce when EndHandshake():
                Announce((List<string>)received.Body!);
                break;
            case EdgeMessageKind.Request or EdgeMessageKind.OneWay when _isAdmitted:
                _calls.Receive(received);
                break;
            case EdgeMessageKind.Response when HasAnnounced:
                if (!_requests.Answer(received.Id, (ReceivedResponse)received.Body!))
                {
                    Refuse(EdgeRefusal.UnaskedAnswer);
                }

                break;
            case EdgeMessageKind.Cancel when _isAdmitted:
                _calls.Cancel(received.Id);
                break;
            case EdgeMessageKind.Leaving when _isAdmitted:
                _ = _gateway.UnrouteAsync(this);
                break;
            default:
                throw new SerializerException($"An edge silo may not send {received.Kind} now.");
        }
    }

    public void OnDraining(Connection connection)
    {
        _ = _gateway.UnrouteAsync(this);
    }

    public void OnClosed(Connection connection, CloseReason reason, IReadOnlyList<Message> unsent)
    {
        _isClosed = true;
        _ = _gateway.UnrouteAsync(this);
        _requests.FailAll();
        _calls.End();
    }

    private void Announce(List<string> names)
    {
        foreach (var name in names.Take(MaxInterfaces))
        {
            if (_gateway.Policy.FindHosted(name) is not { } hosted)
            {
                Close(new CloseReason(
                    CloseCode.NotAdmitted,
                    $"Edge silos may not host {name[..Math.Min(name.Length, EdgeIdentity.MaxLength)]}."));
                return;
            }

            _hosted.Add(EdgeGrainType.Of(hosted));
        }

        _ = _gateway.AdmitAsync(this);
    }
}
