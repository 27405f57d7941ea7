using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>Keeps what a job's trace tells. What changes with each token is read from the attempt when somebody asks.</summary>
internal sealed class JobTraceBuilder(string jobId, string model, string tenant, int promptTokens, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly List<JobAttempt> _attempts = [];
    private AttemptRun? _running;
    private DateTimeOffset? _ended;
    private JobState _state = JobState.Running;

    public int Attempts => _attempts.Count;

    /// <summary>Tokens of the answer whose miners' parts are over.</summary>
    public int OutputTokens { get; private set; }

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error { get; private set; }

    public JobState State => _state;

    public void Placed(Route route) => _attempts.Add(
        new JobAttempt(route.Miner.MinerId, route.Trace, time.GetUtcNow(), null, null, 0, null, null));

    public void Running(AttemptRun attempt) => _running = attempt;

    /// <summary>A miner's part is over.</summary>
    public void AttemptEnded(AttemptOutcome outcome, string? reason)
    {
        OutputTokens += _running?.OutputTokens ?? 0;
        _attempts[^1] = Seen(_attempts[^1]) with { Ended = time.GetUtcNow(), Outcome = outcome, Reason = reason };
        _running = null;
    }

    public void Fail(string error) => Error = error;

    /// <summary>The job is over. Without a whole answer and without an error its reader has left.</summary>
    public void End()
    {
        _ended = time.GetUtcNow();
        _state = Error is not null ? JobState.Failed
            : _attempts is [.., { Outcome: AttemptOutcome.Completed }] ? JobState.Completed
            : JobState.Cancelled;
    }

    public JobTrace ToTrace()
    {
        var attempts = _attempts.ToImmutableArray();
        if (_running is not null)
        {
            attempts = attempts.SetItem(attempts.Length - 1, Seen(attempts[^1]));
        }

        return new JobTrace(
            jobId, model, tenant, _state, _started, _ended, promptTokens, OutputTokens + (_running?.OutputTokens ?? 0), attempts, Error);
    }

    private JobAttempt Seen(JobAttempt attempt) => _running is null
        ? attempt
        : attempt with { FirstToken = _running.FirstToken, OutputTokens = _running.OutputTokens };
}
