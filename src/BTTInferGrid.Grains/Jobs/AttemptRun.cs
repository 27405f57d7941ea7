using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>What an attempt is about: the request, and what is known of the miner that serves it.</summary>
/// <param name="MinerId">The miner.</param>
/// <param name="Job">The request.</param>
/// <param name="Vocabulary">Vocabulary of the request's model.</param>
/// <param name="Answered">Tokens of the answer that other miners have made.</param>
/// <param name="Speed">Measured speed of the miner; zeros if unknown.</param>
internal sealed record AttemptPlan(
    string MinerId, JobRequest Job, Vocabulary Vocabulary, ImmutableArray<int> Answered, MinerSpeed Speed);

/// <summary>One miner's part in a job: its stream, validated and watched for stalls.</summary>
internal sealed class AttemptRun : IAsyncDisposable
{
    private const int MinMeasuredTokens = 16;
    private readonly AbandonableEnumerator<JobEvent> _events;
    private readonly AnswerValidator _validator;
    private readonly StallDetector _detector;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private readonly ProcessPauses _pauses;
    private readonly int _pausesAtStart;
    private readonly bool _isAfterPause;
    private readonly TimeSpan _waitLimit;
    private readonly TimeSpan _firstLimit;
    private readonly TimeSpan _nextLimit;
    private readonly int _read;
    private readonly long _begun;
    private TimeSpan _limit;
    private TimeSpan _waited;
    private int _firstTokens;
    private GenerationUsage? _usage;

    /// <param name="plan">What the attempt is about.</param>
    /// <param name="generate">Opens the miner's stream.</param>
    /// <param name="options">Limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pauses">Pauses of this process.</param>
    /// <param name="cancellationToken">Cancels the job.</param>
    public AttemptRun(
        AttemptPlan plan, Func<CancellationToken, IAsyncEnumerable<JobEvent>> generate, JobOptions options, TimeProvider time,
        ProcessPauses pauses, CancellationToken cancellationToken)
    {
        _read = plan.Job.Prompt.Length + plan.Answered.Length;
        _validator = new AnswerValidator(plan);
        _time = time;
        _pauses = pauses;
        _pausesAtStart = pauses.Count;

        // Just after a pause, sessions that ended in it are still taken for open.
        _isAfterPause = pauses.IsRecent;
        _cancellationToken = cancellationToken;
        _nextLimit = Longer(options.NextTokenTimeout, options.SlowdownFactor / plan.Speed.DecodeTokensPerSecond);
        _firstLimit = Longer(options.FirstTokenTimeout, options.SlowdownFactor * _read / plan.Speed.PrefillTokensPerSecond);
        _limit = _firstLimit;
        _waitLimit = options.WaitTimeout;
        _detector = new StallDetector(time, pauses, _nextLimit, cancellationToken);
        _begun = time.GetTimestamp();
        _events = new AbandonableEnumerator<JobEvent>(generate(_detector.Token), _detector.Token);
    }

    /// <summary>The miner's latest step; set by <see cref="MoveNextAsync"/>.</summary>
    public JobEvent? Current { get; private set; }

    /// <summary>What ended the miner's part before its result; null if nothing did.</summary>
    public AttemptFailure? Failure { get; private set; }

    /// <summary>Tokens that the miner has made.</summary>
    public int OutputTokens => _validator.OutputTokens;

    /// <summary>From the start to the first token; null before it.</summary>
    public TimeSpan? FirstToken { get; private set; }

    /// <summary>From the start to the last token.</summary>
    public TimeSpan LastToken { get; private set; }

    /// <summary>Whether the miner brought the answer to its end.</summary>
    public bool HasEnded => _validator.Ended;

    /// <summary>Whether the miner let the job wait for others, or this process stood still: its times then say nothing of its speed.</summary>
    public bool IsDisturbed => _waited > TimeSpan.Zero || _pauses.Count != _pausesAtStart;

    /// <summary>
    /// Speed of the miner by this clock, and no faster than it says itself, since tokens that were held up arrive together; zeros for what is
    /// too short to measure, or was interrupted.
    /// </summary>
    public MinerSpeed Speed
    {
        get
        {
            if (FirstToken is not { } first || IsDisturbed)
            {
                return default;
            }

            var read = _read - (_usage?.CachedPromptTokens ?? 0);
            var made = OutputTokens - _firstTokens;
            return new MinerSpeed(
                read >= MinMeasuredTokens ? Rate(read, first, _usage?.PrefillTime) : 0,
                made >= MinMeasuredTokens ? Rate(made, LastToken - first, _usage?.DecodeTime, made / (double)OutputTokens)
                : OutputTokens >= MinMeasuredTokens ? Rate(OutputTokens, LastToken, said: null)
                : 0);
        }
    }

    /// <summary>Waits for the miner's next step. False when its part is over, by its result or by a failure.</summary>
    /// <exception cref="OperationCanceledException">The job was cancelled.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            while (true)
            {
                var since = _time.GetTimestamp();
                _detector.Begin(_limit);
                var hasNext = await _events.MoveNextAsync();
                _detector.End();
                if (!hasNext)
                {
                    _validator.End();
                    return false;
                }

                var step = _validator.Next(_events.Current);
                if (step is not JobWaiting)
                {
                    Current = step;
                    Measure();
                    return true;
                }

                // When its turn comes, the miner may have to read everything again.
                _limit = _firstLimit;
                _waited += _time.GetElapsedTime(since);
                if (_waited > _waitLimit)
                {
                    Failure = new AttemptFailure(AttemptOutcome.Busy, $"it let the job wait for {_waitLimit.TotalSeconds:0} s.");
                    return false;
                }
            }
        }
        catch (Exception failure) when (!_cancellationToken.IsCancellationRequested)
        {
            Failure = _detector.HasStalled
                ? new AttemptFailure(AttemptOutcome.Stalled, $"it sent nothing for {_limit.TotalSeconds:0.#} s.")
                : AttemptFailure.From(failure);
            if (Failure is { Outcome: AttemptOutcome.Stalled or AttemptOutcome.Lost } fault && (_isAfterPause || _pauses.Count != _pausesAtStart))
            {
                Failure = fault with { IsOurs = true };
            }

            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _detector.End();
        try
        {
            await _events.DisposeAsync();
        }
        catch (Exception failure)
        {
            // The miner's part is known; that its stream did not end well is worth a line at most.
            Failure ??= AttemptFailure.From(failure);
        }

        _detector.Dispose();
    }

    // A time too short for the clock is very fast, not unmeasured. What the miner says may be any time at all.
    private static double Rate(int tokens, TimeSpan measured, TimeSpan? said, double part = 1) =>
        tokens / Math.Max(Math.Max(measured.TotalSeconds, (said?.TotalSeconds ?? 0) * part), 1e-6);

    private void Measure()
    {
        if (Current is not JobTokens tokens)
        {
            _usage = (Current as JobResult)?.Usage;
            return;
        }

        LastToken = _time.GetElapsedTime(_begun);
        if (FirstToken is null)
        {
            FirstToken = LastToken;
            _firstTokens = tokens.Tokens.Length;
        }

        _limit = _nextLimit;
    }

    // Infinite seconds, of a miner whose speed is not known, leave the shortest limit.
    private static TimeSpan Longer(TimeSpan shortest, double seconds) =>
        double.IsFinite(seconds) && seconds > shortest.TotalSeconds ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : shortest;
}
