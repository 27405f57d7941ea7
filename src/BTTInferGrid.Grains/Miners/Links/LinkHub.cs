using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reason = BTTInferGrid.Link.V1.Goodbye.Types.Reason;

namespace BTTInferGrid.Grains.Miners.Links;

/// <summary>
/// All links of this silo: limits their number, ends those that are silent, and ends all of them when the silo stops, so
/// that open streams do not hold up the web server.
/// </summary>
internal sealed class LinkHub : BackgroundService
{
    private static readonly TimeSpan StopPeriod = TimeSpan.FromMilliseconds(50);
    private const int RefusedLinesPerSecond = 1;
    private const int RefusedLinesBurst = 20;
    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<LinkSession, byte> _sessions = new();
    private readonly LinkOptions _options;
    private readonly OfferBudgets _offers;
    private readonly MinerAttachment _attachment;
    private readonly IHostApplicationLifetime _host;
    private readonly TimeProvider _time;
    private readonly Counter<long> _refused;
    private readonly LinkBudget _refusedLines;
    private int _handshakes;
    private long _checkedAt;

    public LinkHub(
        IOptions<LinkOptions> options, OfferBudgets offers, MinerAttachment attachment, IHostApplicationLifetime host,
        IMeterFactory meters, TimeProvider time)
    {
        _options = options.Value;
        _offers = offers;
        _attachment = attachment;
        _host = host;
        _time = time;
        _refusedLines = new LinkBudget(RefusedLinesPerSecond, RefusedLinesBurst, time);
        _checkedAt = time.GetTimestamp();
        var meter = meters.Create(GridTelemetry.Name);
        meter.CreateObservableGauge("bttgrid.links", () => _sessions.Count, "{link}", "Open links of nodes.");
        _refused = meter.CreateCounter<long>("bttgrid.links.refused", "{link}", "Links that were not let in, by reason.");
    }

    /// <summary>Cancelled when the silo stops.</summary>
    public CancellationToken Stopping => _host.ApplicationStopping;

    /// <summary>Takes one of the places for connections without an identity.</summary>
    /// <exception cref="LinkRefusedException">There is none left.</exception>
    public LinkPlace EnterHandshake()
    {
        if (Stopping.IsCancellationRequested)
        {
            throw new LinkRefusedException(Reason.Stopping, "This front stops.");
        }

        if (_sessions.Count >= _options.MaxSessions || Interlocked.Increment(ref _handshakes) > _options.MaxHandshakes)
        {
            if (_sessions.Count < _options.MaxSessions)
            {
                Interlocked.Decrement(ref _handshakes);
            }

            throw new LinkRefusedException(Reason.Busy, "This front has as many links as it can serve.", BusyPause);
        }

        return new LinkPlace(() => Interlocked.Decrement(ref _handshakes));
    }

    public void Add(LinkSession session) => _sessions.TryAdd(session, 0);

    public void Remove(LinkSession session) => _sessions.TryRemove(session, out _);

    /// <summary>Counts a node that is not let in.</summary>
    /// <returns>Whether a line of the log is due: a stranger can be refused any number of times.</returns>
    public bool Refused(Reason reason)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("reason", Tags.Of(reason)));
        lock (_refusedLines)
        {
            return _refusedLines.TryTake();
        }
    }

    /// <summary>Ends sessions whose nodes are silent or do not read. Called once in a <see cref="LinkWatch.Period"/>.</summary>
    public void Check()
    {
        var now = _time.GetTimestamp();
        var elapsed = _time.GetElapsedTime(_checkedAt, now);
        _checkedAt = now;
        foreach (var (session, _) in _sessions)
        {
            session.Check(elapsed);
        }

        _offers.Trim();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The web server stops before this service does, and waits for open streams.
        using var registration = Stopping.Register(() => _ = StopLinksAsync());
        using var timer = new PeriodicTimer(LinkWatch.Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Check();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task StopLinksAsync()
    {
        foreach (var (session, _) in _sessions)
        {
            session.BeginStop();
            if (session.Jobs == 0)
            {
                session.Close(SessionEnd.Stopping, "this front stops.");
            }
            else
            {
                _ = _attachment.ReportAsync(session);
            }
        }

        using var limit = new CancellationTokenSource(_options.StopTimeout, _time);
        using var timer = new PeriodicTimer(StopPeriod, _time);
        try
        {
            while (!_sessions.IsEmpty && await timer.WaitForNextTickAsync(limit.Token))
            {
                CloseWhere(static session => session.Jobs == 0);
            }
        }
        catch (OperationCanceledException)
        {
            CloseWhere(static _ => true);
        }
    }

    private void CloseWhere(Func<LinkSession, bool> condition)
    {
        foreach (var (session, _) in _sessions)
        {
            if (condition(session))
            {
                session.Close(SessionEnd.Stopping, "this front stops.");
            }
        }
    }
}

/// <summary>A place that one link takes. Disposing of it gives the place back, once.</summary>
internal sealed class LinkPlace(Action leave) : IDisposable
{
    private int _left;

    public bool IsLeft => Volatile.Read(ref _left) == 1;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            leave();
        }
    }
}
