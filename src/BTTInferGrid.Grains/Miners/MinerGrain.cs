using System.Runtime.CompilerServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime.Placement;
using Orleans.Storage;

namespace BTTInferGrid.Grains.Miners;

/// <summary>
/// One miner. Finds the miner's session in <see cref="MinerSessions"/> of its own silo; <see cref="MinerAttachment"/> brings
/// it to the silo that has one. Presence is the session: nothing polls. An activation without a session refuses jobs, so a
/// second activation, which a failing silo can leave behind for a moment, does no harm.
/// </summary>
[Reentrant, PreferLocalPlacement, GrainType("miner")]
internal sealed partial class MinerGrain(
    [PersistentState("miner")] IPersistentState<MinerRecord> record,
    MinerSessions sessions,
    MinerPublisher publisher,
    MinerProbe probe,
    ModelCatalogue catalogue,
    ILocalSiloDetails silo,
    IOptions<MinerOptions> options,
    [GridClock] TimeProvider time,
    ILogger<MinerGrain> logger) : Grain, IMinerGrain
{
    private readonly MinerOptions _options = options.Value;
    private MinerLifecycle _life = null!;
    private IMinerSession? _session;
    private IGrainTimer? _probeTimer;
    private MinerStatus _status;

    // Jobs, probes and operators interleave at awaits; one write follows the other.
    private Task _saving = Task.CompletedTask;
    private DateTimeOffset _savedAt;

    private string MinerId => this.IdAfter(IMinerGrain.KeyPrefix);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _life = new MinerLifecycle(record.State, _options, time);
        if (sessions.Find(MinerId) is { Offer: { } offer } session)
        {
            // An earlier activation is lost, the session is not.
            Adopt(session, offer);
        }
        else if (record.State is { Offer: not null, State: not MinerState.Gone })
        {
            _life.Detach("Its session was lost with its silo.");
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // The silo that the grain is on next reports the miner; this one must not go on reporting it.
        if (record.State is { Offer: not null, State: not MinerState.Gone })
        {
            publisher.Publish(Describe() with { State = MinerState.Gone, Reason = "It has left this silo.", Since = time.GetUtcNow() });
        }

        return Task.CompletedTask;
    }

    public async Task<bool> Attach(SiloAddress holder, MinerOffer offer)
    {
        if (!holder.Equals(silo.SiloAddress))
        {
            sessions.Find(MinerId)?.Close(SessionEnd.Replaced, "The same identity has connected to another front.");
            MoveTo(holder);
            return false;
        }

        if (sessions.Find(MinerId) is not { } session)
        {
            return false;
        }

        MinerOfferValidator.Validate(offer, MinerId, catalogue);
        var isChanged = offer != record.State.Offer;
        if (isChanged || !ReferenceEquals(session, _session))
        {
            Adopt(session, offer);
        }

        // What else has changed ends with the session: an activation that finds none is Gone, whatever is stored.
        if (isChanged)
        {
            await TrySaveAsync();
        }

        return true;
    }

    public async Task Detach(SiloAddress holder, string reason)
    {
        if (!holder.Equals(silo.SiloAddress) || sessions.Find(MinerId) is not null || record.State.Offer is null)
        {
            return;
        }

        _session = null;
        _status = default;
        _probeTimer?.Dispose();
        _life.Detach(reason);
        DelayDeactivation(TimeSpan.Zero);
        await ChangedAsync();
    }

    public Task ReportStatus(SiloAddress holder, MinerStatus status)
    {
        if (!holder.Equals(silo.SiloAddress))
        {
            if (_session is null)
            {
                MoveTo(holder);
            }

            return Task.CompletedTask;
        }

        if (_session is null)
        {
            return Task.CompletedTask;
        }

        _status = status;
        if (status.IsDraining && _life.Drain())
        {
            Announce();
        }
        else
        {
            Publish();
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<JobEvent> Generate(
        GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var step in RequireSession().Generate(request, cancellationToken))
        {
            yield return step;
        }
    }

    public Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken = default) =>
        RequireSession().Embed(request, cancellationToken);

    public Task<MinerStanding?> Standing() => Task.FromResult(record.State.Offer is null ? null : Describe());

    public async Task Report(MinerOutcome outcome)
    {
        if (record.State.Offer is null)
        {
            return;
        }

        if (_life.Count(outcome))
        {
            await ChangedAsync();
        }
        else if (time.GetUtcNow() - _savedAt > _options.SavePeriod)
        {
            await TrySaveAsync();
        }
    }

    public async Task Suspend(string reason)
    {
        _life.Suspend(reason);
        await SaveAsync();
        Announce();
    }

    public async Task Resume()
    {
        _life.Resume();
        await SaveAsync();
        Announce();
    }

    /// <summary>
    /// Migrates, since deactivating is not enough: a silo that remembers the grain here goes on sending its calls here, and each of them
    /// would activate it here again.
    /// </summary>
    private void MoveTo(SiloAddress holder)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, holder);
        MigrateOnIdle();
    }

    private void Adopt(IMinerSession session, MinerOffer offer)
    {
        _session = session;
        _status = session.Status;
        record.State.Offer = offer;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        _life.Attach();
        Announce();
    }

    private IMinerSession RequireSession()
    {
        if (_session is { } session && sessions.IsCurrent(session))
        {
            return session;
        }

        throw new MinerLostException(MinerId, "it is not connected.");
    }

    /// <summary>Makes a new state known, first to routing, then to storage.</summary>
    private Task ChangedAsync()
    {
        Announce();
        return TrySaveAsync();
    }

    private void Announce()
    {
        LogState(MinerId, record.State.State, record.State.Reason);
        Publish();
        _probeTimer?.Dispose();
        _probeTimer = null;
        if (_session is not null && _life.ProbeAt is { } due)
        {
            var pause = due - time.GetUtcNow();
            _probeTimer = this.RegisterGrainTimer(ProbeAsync, new GrainTimerCreationOptions
            {
                DueTime = pause > TimeSpan.Zero ? pause : TimeSpan.Zero,
                Period = Timeout.InfiniteTimeSpan,
                Interleave = true,
            });
        }
    }

    // The timer's own token is of no use: the change to the next state replaces the timer.
    private async Task ProbeAsync(CancellationToken timer)
    {
        if (_session is not { } session || !_life.BeginProbe())
        {
            return;
        }

        Announce();
        try
        {
            var speed = await probe.RunAsync(session, record.State.Offer!);
            if (ReferenceEquals(session, _session))
            {
                _life.PassProbe(speed);
            }
        }
        catch (MinerFailedException failure)
        {
            if (ReferenceEquals(session, _session))
            {
                _life.FailProbe(failure.Reason);
            }
        }

        catch (MinerBusyException)
        {
            if (ReferenceEquals(session, _session))
            {
                _life.PostponeProbe();
            }
        }

        if (ReferenceEquals(session, _session))
        {
            await ChangedAsync();
        }
    }

    private void Publish()
    {
        if (record.State.Offer is not null)
        {
            publisher.Publish(Describe());
        }
    }

    private MinerStanding Describe() => new(
        record.State.Offer!, record.State.State, record.State.Reason, record.State.Since, record.State.Speed, _status,
        record.State.Stats);

    /// <summary>Stores the record, or logs why it is not stored; the next change stores it.</summary>
    private async Task TrySaveAsync()
    {
        try
        {
            await SaveAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation has written: this one ends, and the next finds the session.
            DeactivateOnIdle();
            throw;
        }
        catch (Exception failure)
        {
            LogNotSaved(failure, MinerId);
        }
    }

    private Task SaveAsync() => _saving = SaveAfterAsync(_saving);

    private async Task SaveAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _savedAt = time.GetUtcNow();
        await record.WriteStateAsync();
    }

    [LoggerMessage(2321, LogLevel.Information, "Miner {MinerId} is {State}: {Reason}")]
    private partial void LogState(string minerId, MinerState state, string reason);

    [LoggerMessage(2322, LogLevel.Warning, "The record of miner {MinerId} is not stored; the next change stores it")]
    private partial void LogNotSaved(Exception failure, string minerId);
}
