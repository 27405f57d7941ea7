using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded.Clustering;
using Orleans.Embedded.CodeGeneration;
using Orleans.Embedded.Directory;
using Orleans.Embedded.Manifest;
using Orleans.Embedded.Messaging;
using Orleans.Embedded.Networking;
using Orleans.Embedded.Serialization;
using Orleans.Runtime;

namespace Orleans.Embedded.Edge;

/// <summary>
/// Lets edge silos connect to this core silo, and keeps the directory's row of each: there is one per identity, and whoever
/// connected last has it.
/// </summary>
internal sealed partial class EdgeGateway : IEdgeGateway, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan LogPeriod = TimeSpan.FromSeconds(10);
    private readonly IClusterMembership _membership;
    private readonly IGrainDirectoryStore _directory;
    private readonly EdgeSessions _sessions;
    private readonly IEdgeAuthenticator[] _authenticators;
    private readonly LocalNode _node;
    private readonly TimeSpan _responseTimeout;
    private readonly ILogger _logger;
    private readonly Meter _meter = new("Orleans.Embedded.Edge");
    private readonly Counter<long> _refused;
    private readonly Counter<long> _turnedAway;
    private readonly SemaphoreSlim[] _registrations = Array.ConvertAll(new int[64], static _ => new SemaphoreSlim(1));
    private readonly TokenBucket _logBudget;
    private readonly Lock _logLock = new();
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _recheck;
    private int _handshakes;

    public EdgeGateway(
        LocalNode node,
        IClusterMembership membership,
        IGrainDirectoryStore directory,
        GrainManifestIndex manifest,
        MessageCenter messages,
        EdgeSessions sessions,
        CallTimer timer,
        TimeProvider clock,
        IEnumerable<IEdgeAuthenticator> authenticators,
        IOptions<EdgeGatewayOptions> options,
        IOptions<SiloMessagingOptions> messaging,
        IServiceProvider services,
        ILogger<EdgeGateway> logger)
    {
        _node = node;
        _membership = membership;
        _directory = directory;
        _sessions = sessions;
        _authenticators = [.. authenticators];
        _responseTimeout = messaging.Value.ResponseTimeout;
        _logger = logger;
        Messages = messages;
        Clock = clock;
        Options = options.Value;
        Policy = new EdgePolicy(manifest);
        Format = new EdgeMessageFormat(
            new Serializer(manifest, services) { References = new NoReferences(), HidesStacks = true }, manifest);
        _refused = _meter.CreateCounter<long>("edge_silos.refused_messages");
        _turnedAway = _meter.CreateCounter<long>("edge_silos.refused_connections");
        _logBudget = new TokenBucket(1 / LogPeriod.TotalSeconds, 10, clock);
        timer.Add(Sweep);
    }

    public MessageCenter Messages { get; }

    public TimeProvider Clock { get; }

    public EdgeGatewayOptions Options { get; }

    public EdgePolicy Policy { get; }

    public EdgeMessageFormat Format { get; }

    public IReadOnlyList<EdgeSiloInfo> EdgeSilos => [.. _sessions.All.Select(static session => session.Info)];

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe<EdgeGateway>(ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    public bool Disconnect(string identity, string reason)
    {
        EdgeSession[] sessions =
            [.. _sessions.Open.Where(session => string.Equals(session.Identity, identity, StringComparison.Ordinal))];
        Array.ForEach(sessions, session => session.Close(new CloseReason(CloseCode.NotAdmitted, reason)));
        return sessions.Length > 0;
    }

    /// <summary>Serves one connection until it ends.</summary>
    public async Task ServeAsync(IDuplexPipe pipe, CancellationToken cancellationToken)
    {
        PeerIdentity peer;
        var policy = new EdgeAdmissionPolicy(
            _node.ClusterId, _authenticators, _sessions.OpenCount >= Options.MaxEdgeSilos || !MayServe);
        try
        {
            if (Interlocked.Increment(ref _handshakes) > Options.MaxHandshakes)
            {
                // Unheard: who says nothing would be kept for as long as a handshake may take.
                await Handshake.TurnAwayAsync(
                    pipe,
                    policy,
                    new CloseReason(CloseCode.Busy, "Too many edge silos are in their handshake."),
                    cancellationToken);
            }

            peer = await Handshake.ListenAsync(pipe, policy, Options.HandshakeTimeout, Clock, cancellationToken);
        }
        catch (ConnectionClosedException error)
        {
            _turnedAway.Add(1, new KeyValuePair<string, object?>("reason", error.Reason.Code.ToString()));
            if (MayLog())
            {
                LogTurnedAway(policy.Refusal ?? error.Reason.ToString());
            }

            EndHandshake();
            return;
        }
        catch
        {
            EndHandshake();
            throw;
        }

        var session = new EdgeSession(this, peer.Name);
        var limits = new ConnectionLimits
        {
            MaxMessageBytes = Options.MaxMessageBytes,
            MaxQueuedBytes = Options.MaxQueuedBytes,
            HeartbeatInterval = Options.HeartbeatInterval,
        };
        var connection = new Connection(pipe, peer, session, limits, Clock, _logger);
        session.Attach(connection);
        using var watch = cancellationToken.UnsafeRegister(
            static state => ((Connection)state!).Abort(CloseReason.Lost), connection);
        using var stop = _stop.Token.UnsafeRegister(
            static state => ((Connection)state!).Close(CloseReason.Stopping), connection);
        using var limit = Clock.CreateTimer(
            static state => ((EdgeSession)state!).EndUnlessAnnounced(),
            session,
            Options.HandshakeTimeout,
            Timeout.InfiniteTimeSpan);
        try
        {
            _sessions.Add(session).ForEach(static older => older.Close(Replaced));
            await connection.RunAsync();
        }
        finally
        {
            session.EndHandshake();
            _sessions.Forget(session);
        }
    }

    /// <summary>A connection has announced itself, or ended before: it counts no more among the new ones.</summary>
    public void EndHandshake()
    {
        Interlocked.Decrement(ref _handshakes);
    }

    /// <summary>Lets nobody in any more and sends all edge silos to other gateways.</summary>
    public void Stop()
    {
        _stop.Cancel();
    }

    public GrainAddress NewAddress(string identity)
    {
        return new GrainAddress
        {
            GrainId = EdgeGrainType.RowOf(IdSpan.Create(identity)),
            ActivationId = ActivationId.NewId(),
            SiloAddress = _node.Address,
            MembershipVersion = _membership.Current.Version,
        };
    }

    public long DeadlineOf(GrainRequest request, TimeSpan slack)
    {
        var timeout = (request.Method.ResponseTimeout ?? _responseTimeout) + slack;
        return Clock.GetTimestamp() + (long)(timeout.TotalSeconds * Clock.TimestampFrequency);
    }

    /// <summary>Makes a connection the one of its identity. The one that was before is closed, wherever it is.</summary>
    public async Task AdmitAsync(EdgeSession session)
    {
        using var turn = await EnterAsync(session);
        try
        {
            var address = session.Address;
            var row = (await _directory.RegisterAsync(address, null, CancellationToken.None)).Holder;
            while (!row.Matches(address))
            {
                var previous = row;
                row = (await _directory.RegisterAsync(address, previous, CancellationToken.None)).Holder;
                if (row.Matches(address) && !previous.SiloAddress!.Equals(_node.Address))
                {
                    Messages.TellSuperseded(previous.SiloAddress, address.GrainId);
                }
            }

            _sessions.Replace(session)?.Close(Replaced);
            session.Admit();
            LogConnected(session.Identity);
            if (session.IsClosed || !MayServe)
            {
                session.Close(CloseReason.Stopping);
                await RemoveAsync(session);
            }
        }
        catch (Exception error)
        {
            LogDirectoryFailed(session.Identity, error);
            session.Close(new CloseReason(CloseCode.Busy, "The cluster cannot register edge silos now."));
        }
    }

    /// <summary>Sends no more requests to an edge silo.</summary>
    public async Task UnrouteAsync(EdgeSession session)
    {
        using var turn = await EnterAsync(session);
        try
        {
            await RemoveAsync(session);
        }
        catch (Exception error)
        {
            // Who still finds the row is told here that the edge silo is not connected.
            LogDirectoryFailed(session.Identity, error);
        }
    }

    public async Task RecheckAsync(EdgeSession session)
    {
        using var turn = await EnterAsync(session);
        try
        {
            if (ReferenceEquals(_sessions.Find(session.Address.GrainId.Key), session)
                && !(await _directory.RegisterAsync(session.Address, null, CancellationToken.None))
                    .Holder.Matches(session.Address))
            {
                session.Close(Replaced);
            }
        }
        catch (Exception error)
        {
            LogDirectoryFailed(session.Identity, error);
        }
    }

    public void ReportRefused(EdgeSession session, EdgeRefusal reason)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
        if (MayLog())
        {
            LogRefused(session.Identity, reason);
        }
    }

    public void Dispose()
    {
        _recheck?.Dispose();
        _meter.Dispose();
        _stop.Dispose();
    }

    private bool MayServe => !_stop.IsCancellationRequested && !Messages.Fence.IsUp;

    private static CloseReason Fenced { get; } = new(
        CloseCode.Stopping, "The gateway cannot prove that it is a member of its cluster.");

    private static CloseReason Replaced { get; } = new(
        CloseCode.Replaced, "Another connection of the same identity took the place of this one.");

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _recheck = Clock.CreateTimer(
            static self => ((EdgeGateway)self!).RecheckAll(), this, Options.RecheckPeriod, Options.RecheckPeriod);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        _recheck?.Dispose();
        Stop();
        foreach (var session in _sessions.All)
        {
            await UnrouteAsync(session);
        }
    }

    private void RecheckAll()
    {
        foreach (var session in _sessions.All)
        {
            session.Recheck();
        }
    }

    private void Sweep(long now)
    {
        foreach (var session in _sessions.Open)
        {
            session.FailExpired(now);
        }

        // Others may act in the place of a silo that is fenced, so its edge silos go to others too.
        if (Messages.Fence.IsUpAt(now))
        {
            foreach (var session in _sessions.Open)
            {
                session.Close(Fenced);
            }
        }
    }

    private async ValueTask RemoveAsync(EdgeSession session)
    {
        _sessions.Remove(session);
        await _directory.UnregisterAsync(session.Address, CancellationToken.None);
    }

    /// <summary>Registrations of one identity happen one after the other.</summary>
    private async ValueTask<Turn> EnterAsync(EdgeSession session)
    {
        var index = session.Address.GrainId.Key.GetUniformHashCode() % (uint)_registrations.Length;
        await _registrations[index].WaitAsync();
        return new Turn(_registrations[index]);
    }

    private bool MayLog()
    {
        lock (_logLock)
        {
            return _logBudget.TryTake();
        }
    }

    private readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose()
        {
            semaphore.Release();
        }
    }

    [LoggerMessage(2641, LogLevel.Information, "Edge silo {Identity} is connected.")]
    private partial void LogConnected(string identity);

    [LoggerMessage(2642, LogLevel.Warning, "An edge silo was turned away. {Reason}")]
    private partial void LogTurnedAway(string reason);

    [LoggerMessage(2643, LogLevel.Warning, "A message of edge silo {Identity} was refused: {Reason}.")]
    private partial void LogRefused(string identity, EdgeRefusal reason);

    [LoggerMessage(2644, LogLevel.Warning, "The directory could not be asked or told of edge silo {Identity}.")]
    private partial void LogDirectoryFailed(string identity, Exception error);
}
