using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Embedded.Edge;

namespace BTTInferGrid.Grains.Miners;

/// <summary>
/// Follows one miner for as long as it is connected: its own loop reads what the miner says of itself, probes it when it is
/// due, and tells the model's grain. The loop ends with the miner's connection, and only then is the miner gone.
/// </summary>
internal sealed partial class MinerRecordGrain(
    [PersistentState("miner")] IPersistentState<MinerRecordState> record,
    MinerProbe probe,
    ModelCatalogue catalogue,
    IOptions<MinerRecordOptions> options,
    TimeProvider time,
    IHostApplicationLifetime host,
    ILogger<MinerRecordGrain> logger) : Grain, IMinerRecordGrain, IDisposable
{
    private readonly MinerRecordOptions _options = options.Value;

    // Requests and the loop take turns at the awaits; what is written must not overtake.
    private readonly SemaphoreSlim _writing = new(1);
    private CancellationTokenSource? _life;
    private Task _living = Task.CompletedTask;
    private MinerStatus _status;
    private TimeSpan _probePause;
    private DateTimeOffset _probeAt;
    private DateTimeOffset _savedAt;
    private long _publishedAt;

    private string MinerId => this.GetPrimaryKeyString();

    private MinerRecordState State => record.State;

    public async Task Join(MinerOffer offer)
    {
        RequireSelf();
        MinerOfferCheck.Check(offer, MinerId, catalogue);
        await EndAsync();
        _life = new CancellationTokenSource();
        _status = default;
        _probePause = _options.MinProbePause;
        _probeAt = time.GetUtcNow();
        State.Offer = offer;
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        await BecomeAsync(MinerState.Joining, "it has connected.");
        _living = FollowAsync(offer, _life.Token);
    }

    public Task<bool> IsWatched()
    {
        RequireSelf();
        return Task.FromResult(!_living.IsCompleted);
    }

    public Task<MinerStanding?> Standing() => Task.FromResult(Describe());

    public async Task Report(MinerOutcome outcome)
    {
        var failed = outcome.Outcome is AttemptOutcome.Lost or AttemptOutcome.Stalled or AttemptOutcome.Failed
            or AttemptOutcome.Refused;
        var done = outcome.Outcome is AttemptOutcome.Completed or AttemptOutcome.Cancelled;
        var tally = State.Tally;
        State.Tally = new MinerTally(
            tally.Completed + (done ? 1 : 0),
            tally.Failed + (failed ? 1 : 0),
            failed ? tally.FailedInARow + 1 : outcome.Outcome == AttemptOutcome.Completed ? 0 : tally.FailedInARow,
            tally.OutputTokens + outcome.OutputTokens);
        State.Speed = new MinerSpeed(
            Average(State.Speed.PrefillTokensPerSecond, outcome.Speed.PrefillTokensPerSecond),
            Average(State.Speed.DecodeTokensPerSecond, outcome.Speed.DecodeTokensPerSecond));
        if (outcome.Outcome == AttemptOutcome.Completed)
        {
            _probePause = _options.MinProbePause;
        }

        if (failed && State.Tally.FailedInARow >= _options.FailuresBeforeSuspension && State.State == MinerState.Active)
        {
            await SuspendUntilProbeAsync(
                $"{State.Tally.FailedInARow} jobs failed in a row, the last because {outcome.Reason}");
        }
        else if (time.GetUtcNow() - _savedAt > _options.SavePeriod)
        {
            await SaveAsync();
        }
    }

    public async Task Suspend(string reason)
    {
        State.SuspendedByOperator = reason;
        if (_living.IsCompleted)
        {
            await SaveAsync();
        }
        else
        {
            await BecomeAsync(MinerState.Suspended, $"the operator says: {reason}");
        }
    }

    public async Task Resume()
    {
        State.SuspendedByOperator = null;
        await SaveAsync();
        _probeAt = time.GetUtcNow();
    }

    public void Dispose()
    {
        _life?.Dispose();
        _writing.Dispose();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await EndAsync();

    /// <summary>The miner's life, from its joining to the end of its connection.</summary>
    private async Task FollowAsync(MinerOffer offer, CancellationToken cancellationToken)
    {
        var end = "its connection ended.";
        try
        {
            var miner = GrainFactory.GetGrain<IMinerGrain>(MinerId);
            await using var statuses = miner.Watch(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await statuses.MoveNextAsync())
            {
                await HearAsync(offer, statuses.Current, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            end = Jobs.MinerFault.From(failure).Reason;
        }

        await BecomeAsync(MinerState.Gone, end);
        DelayDeactivation(TimeSpan.Zero);
    }

    /// <summary>One word of the miner, and what follows from it.</summary>
    private async Task HearAsync(MinerOffer offer, MinerStatus status, CancellationToken cancellationToken)
    {
        _status = status;
        if (status.IsDraining)
        {
            if (State.State != MinerState.Draining)
            {
                await BecomeAsync(MinerState.Draining, "it is about to stop.");
            }
        }
        else if (State.SuspendedByOperator is { } reason)
        {
            if (State.State != MinerState.Suspended)
            {
                await BecomeAsync(MinerState.Suspended, $"the operator says: {reason}");
            }
        }
        else if (State.State != MinerState.Active && time.GetUtcNow() >= _probeAt)
        {
            await ProbeAsync(offer, cancellationToken);
        }

        if (time.GetElapsedTime(_publishedAt) >= _options.PublishPeriod)
        {
            await PublishAsync();
        }
    }

    private async Task ProbeAsync(MinerOffer offer, CancellationToken cancellationToken)
    {
        await BecomeAsync(MinerState.Probing, "it is measured and asked something whose answer is known.");
        try
        {
            State.Speed = await probe.RunAsync(offer, cancellationToken);
            State.Tally = State.Tally with { FailedInARow = 0 };
            await BecomeAsync(MinerState.Active, "it passed the probe.");
        }
        catch (MinerFailedException failure)
        {
            await SuspendUntilProbeAsync($"it failed the probe: {failure.Message}");
        }
    }

    private async Task SuspendUntilProbeAsync(string reason)
    {
        _probeAt = time.GetUtcNow() + _probePause;
        var pause = _probePause;
        _probePause = TimeSpan.FromTicks(Math.Min(_probePause.Ticks * 2, _options.MaxProbePause.Ticks));
        await BecomeAsync(MinerState.Suspended, $"{reason} It is probed again in {pause.TotalSeconds:0} s.");
    }

    private async Task EndAsync()
    {
        if (_life is { } life)
        {
            _life = null;
            await life.CancelAsync();
            await _living;
            life.Dispose();
        }
    }

    private async Task BecomeAsync(MinerState state, string reason)
    {
        var before = State.State;
        State.State = state;
        State.Reason = reason;
        State.Since = time.GetUtcNow();
        LogBecame(MinerId, before, state, reason);
        await SaveAsync();
        await PublishAsync();
    }

    private async Task SaveAsync()
    {
        await _writing.WaitAsync();
        try
        {
            _savedAt = time.GetUtcNow();
            await record.WriteStateAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task PublishAsync()
    {
        if (Describe() is not { } standing)
        {
            return;
        }

        _publishedAt = time.GetTimestamp();
        try
        {
            await GrainFactory.GetGrain<IModelGrain>(standing.Offer.Model).Update(standing);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // Told again within a second; when this silo stops, by the next that watches the miner, and nobody needs to know.
            var level = host.ApplicationStopping.IsCancellationRequested ? LogLevel.Debug : LogLevel.Warning;
            LogNotPublished(level, failure, MinerId, standing.Offer.Model);
        }
    }

    private MinerStanding? Describe() => State.Offer is { } offer
        ? new MinerStanding(offer, State.State, State.Reason, State.Since, State.Speed, _status, State.Tally)
        : null;

    private double Average(double before, double latest) =>
        latest <= 0 ? before : before <= 0 ? latest : before + ((latest - before) * _options.SpeedWeight);

    /// <summary>A call from inside the cluster is trusted, one from an edge silo only about itself.</summary>
    private void RequireSelf()
    {
        if (EdgeCaller.Identity is { } caller && caller != MinerId)
        {
            throw new RequestRefusedException("miner", $"'{caller}' cannot speak for '{MinerId}'.");
        }
    }

    [LoggerMessage(2321, LogLevel.Information, "Miner {MinerId} was {Before} and is {State}: {Reason}")]
    private partial void LogBecame(string minerId, MinerState before, MinerState state, string reason);

    [LoggerMessage(EventId = 2322, Message = "Model {Model} was not told about miner {MinerId}; it is told again in a second")]
    private partial void LogNotPublished(LogLevel level, Exception failure, string minerId, string model);
}
