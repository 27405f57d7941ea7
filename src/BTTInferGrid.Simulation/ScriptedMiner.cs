using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Link;
using Microsoft.Extensions.DependencyInjection;

namespace BTTInferGrid.Simulation;

/// <summary>
/// A miner of a <see cref="SimulatedGrid"/> that follows a script. The grid's side of it is real: its session, its grain, probes, routing, and the
/// jobs that it gets. Thread safe.
/// </summary>
public sealed class ScriptedMiner
{
    private readonly TimeProvider _clock;
    private volatile MinerScript _script;
    private volatile ScriptedSession? _session;
    private volatile Task _serving = Task.CompletedTask;

    internal ScriptedMiner(string id, MinerScript script, TimeProvider clock)
    {
        script.Validate();
        Id = id;
        _script = script;
        _clock = clock;
    }

    /// <summary>Id of the miner.</summary>
    public string Id { get; }

    /// <summary>What it does. A new script can be set at any time.</summary>
    public MinerScript Script
    {
        get => _script;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            _script = value;
        }
    }

    /// <summary>Number of the silo that it connected to last.</summary>
    public int Silo { get; private set; }

    /// <summary>Whether its session is open.</summary>
    public bool IsConnected => _session is { Closed.IsCancellationRequested: false };

    /// <summary>Jobs that it runs, or that wait for a slot.</summary>
    public int Jobs => _session?.Jobs ?? 0;

    /// <summary>Why its latest session ended; null while that is open.</summary>
    public string? End => _session is { Closed.IsCancellationRequested: true } session ? session.End : null;

    /// <summary>Completes when its latest session has ended and the grid knows.</summary>
    public Task Ended => _serving;

    /// <summary>Ends its session at once, as a lost connection does: running jobs fail. The miner can be connected again.</summary>
    public async Task DisconnectAsync()
    {
        _session?.Close("its connection ended.");
        await _serving;
    }

    /// <summary>Takes no new jobs, and ends its session when the running ones have ended.</summary>
    /// <param name="limit">Longest time that these get; 0 or more.</param>
    public async Task LeaveAsync(TimeSpan limit)
    {
        if (_session is not { } session)
        {
            return;
        }

        session.Drain();
        var begun = TimeProvider.System.GetTimestamp();
        while (session.Jobs > 0 && !session.Closed.IsCancellationRequested && TimeProvider.System.GetElapsedTime(begun) < limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        session.Close("it stops.");
        await _serving;
    }

    /// <exception cref="RequestRefusedException">The grid does not want the offer.</exception>
    internal async Task ConnectAsync(int silo, IServiceProvider services, CancellationToken cancellationToken)
    {
        var script = _script;
        var sessions = services.GetRequiredService<MinerSessions>();
        var attachment = services.GetRequiredService<MinerAttachment>();
        var offer = new MinerOffer(Id, script.Model, script.Profile, script.ContextTokens, script.Slots, script.Backend, script.Ask);
        var session = new ScriptedSession(this, script, _clock);
        Silo = silo;
        _session = session;
        sessions.Add(session);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(session.Closed, cancellationToken);
            await attachment.AttachAsync(session, offer, stop.Token);
            session.Offer = offer;
        }
        catch (Exception failure)
        {
            session.Close(failure is RequestRefusedException ? failure.Message : session.End);
            await DetachAsync(session, attachment);
            throw;
        }

        _serving = ServeAsync(session, attachment);
    }

    /// <summary>Reports as often as a node does, until the session has ended.</summary>
    private static async Task ServeAsync(ScriptedSession session, MinerAttachment attachment)
    {
        try
        {
            while (true)
            {
                await attachment.ReportAsync(session);
                await Task.Delay(
                    session.Jobs > 0 ? LinkProtocol.BusyPeriod : LinkProtocol.IdlePeriod, TimeProvider.System, session.Closed);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or OrleansException or ObjectDisposedException)
        {
            // The session has ended, or its silo has.
        }

        session.Close("its silo has ended.");
        await DetachAsync(session, attachment);
    }

    private static async Task DetachAsync(ScriptedSession session, MinerAttachment attachment)
    {
        try
        {
            await attachment.DetachAsync(session, session.End);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or GridException or ObjectDisposedException)
        {
            // The silo is gone, and routing learns that from its silence; or the grain moves to another session.
        }
    }
}
