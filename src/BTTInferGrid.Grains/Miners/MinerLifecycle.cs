using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Miners;

/// <summary>
/// The states of one miner and every change between them. Changes its <see cref="MinerRecord"/>, and nothing else.
/// </summary>
/// <remarks>
/// <code>
/// Gone ----attach----> Joining --probe--> Probing --passed--> Active
///                         ^                  |                  |
///                       resume             failed      failures in a row
///                         |                  v                  v
///                         +------------- Suspended &lt;------------+     Suspended --probe when due--> Probing
/// any connected state --drains--> Draining      any state --detach--> Gone
/// </code>
/// A suspension by the operator outlasts sessions; only the operator ends it.
/// </remarks>
internal sealed class MinerLifecycle(MinerRecord record, MinerOptions options, TimeProvider time)
{
    private TimeSpan _probePause = options.MinProbePause;
    private bool _isLossCounted;

    /// <summary>When the next probe is due; null while none is.</summary>
    public DateTimeOffset? ProbeAt { get; private set; }

    /// <summary>A session has opened, or the miner has changed its offer.</summary>
    public void Attach()
    {
        _probePause = options.MinProbePause;
        _isLossCounted = false;
        if (record.SuspendedByOperator is { } reason)
        {
            Become(MinerState.Suspended, $"The operator suspended it: {reason}");
            return;
        }

        Become(MinerState.Joining, "It has connected.");
        ProbeAt = time.GetUtcNow();
    }

    /// <summary>The session has ended.</summary>
    public void Detach(string reason) => Become(MinerState.Gone, reason);

    /// <summary>The miner takes no new jobs. False if that is known.</summary>
    public bool Drain()
    {
        if (record.State is MinerState.Draining or MinerState.Gone)
        {
            return false;
        }

        Become(MinerState.Draining, "It finishes its jobs and takes no new ones.");
        return true;
    }

    /// <summary>A probe begins. False if none is due any more.</summary>
    public bool BeginProbe()
    {
        if (record.State is not (MinerState.Joining or MinerState.Suspended) || record.SuspendedByOperator is not null)
        {
            return false;
        }

        Become(MinerState.Probing, "Its speed is measured, and it answers a question with a known answer.");
        return true;
    }

    /// <summary>The miner has passed its probe. Without effect if its state has changed since the probe began.</summary>
    public void PassProbe(MinerSpeed speed)
    {
        if (record.State == MinerState.Probing)
        {
            record.Speed = speed;
            record.Stats = record.Stats with { FailedInARow = 0 };
            Become(MinerState.Active, "It passed the probe.");
        }
    }

    /// <summary>The miner has failed its probe. Without effect if its state has changed since the probe began.</summary>
    public void FailProbe(string reason)
    {
        if (record.State == MinerState.Probing)
        {
            SuspendUntilProbe($"It failed the probe: {reason}");
        }
    }

    /// <summary>The probe says nothing: the miner has jobs of the grid besides. Without effect if its state has changed since the probe began.</summary>
    public void PostponeProbe()
    {
        if (record.State == MinerState.Probing)
        {
            Become(MinerState.Suspended, $"It is too busy for its probe. The next one is in {options.MinProbePause.TotalSeconds:0} s.");
            ProbeAt = record.Since + options.MinProbePause;
        }
    }

    /// <summary>A job has ended. False if the miner's state is still the same.</summary>
    public bool Count(MinerOutcome outcome)
    {
        var failed = outcome.Outcome is AttemptOutcome.Lost or AttemptOutcome.Stalled or AttemptOutcome.Failed
            or AttemptOutcome.Refused;

        // All jobs of a session are lost with it: that is one failure.
        var isOneMore = failed && !(outcome.Outcome == AttemptOutcome.Lost && _isLossCounted);
        _isLossCounted |= outcome.Outcome == AttemptOutcome.Lost;
        var done = outcome.Outcome is AttemptOutcome.Completed or AttemptOutcome.Cancelled;
        var stats = record.Stats;
        record.Stats = new MinerStats(
            stats.Completed + (done ? 1 : 0),
            stats.Failed + (failed ? 1 : 0),
            isOneMore ? stats.FailedInARow + 1 : outcome.Outcome == AttemptOutcome.Completed ? 0 : stats.FailedInARow,
            stats.OutputTokens + outcome.OutputTokens);
        record.Speed = new MinerSpeed(
            Average(record.Speed.PrefillTokensPerSecond, outcome.Speed.PrefillTokensPerSecond),
            Average(record.Speed.DecodeTokensPerSecond, outcome.Speed.DecodeTokensPerSecond));
        if (outcome.Outcome == AttemptOutcome.Completed)
        {
            _probePause = options.MinProbePause;
        }

        if (!isOneMore || record.State != MinerState.Active || record.Stats.FailedInARow < options.FailuresBeforeSuspension)
        {
            return false;
        }

        SuspendUntilProbe($"{record.Stats.FailedInARow} jobs failed in a row, the last because {outcome.Reason}");
        return true;
    }

    /// <summary>The operator keeps the miner from jobs.</summary>
    public void Suspend(string reason)
    {
        record.SuspendedByOperator = reason;
        if (record.State != MinerState.Gone)
        {
            Become(MinerState.Suspended, $"The operator suspended it: {reason}");
        }
    }

    /// <summary>The operator ends the suspension.</summary>
    public void Resume()
    {
        if (record.SuspendedByOperator is null)
        {
            return;
        }

        record.SuspendedByOperator = null;
        if (record.State == MinerState.Suspended)
        {
            Become(MinerState.Joining, "The operator ended the suspension.");
            ProbeAt = time.GetUtcNow();
        }
    }

    private void SuspendUntilProbe(string reason)
    {
        Become(MinerState.Suspended, $"{reason} The next probe is in {_probePause.TotalSeconds:0} s.");
        ProbeAt = record.Since + _probePause;
        _probePause = TimeSpan.FromTicks(Math.Min(_probePause.Ticks * 2, options.MaxProbePause.Ticks));
    }

    private void Become(MinerState state, string reason)
    {
        record.State = state;
        record.Reason = reason;
        record.Since = time.GetUtcNow();
        ProbeAt = null;
    }

    private double Average(double before, double latest) =>
        latest <= 0 ? before : before <= 0 ? latest : before + ((latest - before) * options.SpeedWeight);
}
