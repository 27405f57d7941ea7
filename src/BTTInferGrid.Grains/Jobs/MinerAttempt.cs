using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>One miner's part in a job: its stream, checked and watched.</summary>
internal sealed class MinerAttempt : IAsyncDisposable
{
    private const int LeastToTell = 16;
    private readonly IAsyncEnumerator<MinerEvent> _events;
    private readonly MinerStreamCheck _check;
    private readonly StallWatch _watch;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private readonly TimeSpan _nextLimit;
    private readonly int _read;
    private readonly long _begun;
    private TimeSpan _limit;

    public MinerAttempt(
        IMinerGrain miner, GenerateRequest ask, JobRequest request, Placement placement, JobOptions options,
        TimeProvider time, CancellationToken cancellationToken)
    {
        var answered = ask.Answered.IsDefault ? 0 : ask.Answered.Length;
        _read = request.Prompt.Length + answered;
        _check = new MinerStreamCheck(placement.Miner.MinerId, request, answered);
        _time = time;
        _cancellationToken = cancellationToken;
        _nextLimit = Longer(options.NextTokenTimeout, options.Patience / placement.Speed.DecodeTokensPerSecond);
        _limit = Longer(
            options.FirstTokenTimeout,
            options.Patience * _read / placement.Speed.PrefillTokensPerSecond);
        _watch = new StallWatch(time, _nextLimit, cancellationToken);
        _begun = time.GetTimestamp();
        _events = miner.Generate(ask, _watch.Token).GetAsyncEnumerator(_watch.Token);
    }

    /// <summary>What the miner did last; set by <see cref="MoveNextAsync"/>.</summary>
    public JobEvent? Current { get; private set; }

    /// <summary>What ended the miner's part before its result; null if nothing did.</summary>
    public MinerFault? Fault { get; private set; }

    /// <summary>Tokens that the miner has made.</summary>
    public int OutputTokens => _check.OutputTokens;

    /// <summary>From the start to the first token; null before it.</summary>
    public TimeSpan? FirstToken { get; private set; }

    /// <summary>From the start to the last token.</summary>
    public TimeSpan LastToken { get; private set; }

    /// <summary>Whether the miner brought the answer to its end.</summary>
    public bool HasEnded => _check.Ended;

    /// <summary>How fast the miner was, by this clock; zeros for what is too short to tell.</summary>
    public MinerSpeed Speed => new(
        FirstToken is { } first && _read >= LeastToTell ? Rate(_read, first) : 0,
        FirstToken is { } began && OutputTokens > LeastToTell ? Rate(OutputTokens - 1, LastToken - began) : 0);

    /// <summary>Waits for the miner's next step. False when its part is over, by its result or by a fault.</summary>
    /// <exception cref="OperationCanceledException">The job was cancelled.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            _watch.Begin(_limit);
            var more = await _events.MoveNextAsync();
            _watch.End();
            if (!more)
            {
                _check.End();
                return false;
            }

            Current = _check.Next(_events.Current);
            Note();
            return true;
        }
        catch (Exception failure) when (!_cancellationToken.IsCancellationRequested)
        {
            Fault = _watch.HasStalled
                ? new MinerFault(AttemptOutcome.Stalled, $"it sent nothing for {_limit.TotalSeconds:0.#} s.")
                : MinerFault.From(failure);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watch.End();
        try
        {
            await _events.DisposeAsync();
        }
        catch (Exception failure)
        {
            // What the miner did is known; that it cannot be told that nobody listens is worth a line at most.
            Fault ??= MinerFault.From(failure);
        }

        _watch.Dispose();
    }

    // What takes no time that the clock can tell is very fast, not unmeasured.
    private static double Rate(int tokens, TimeSpan time) => tokens / Math.Max(time.TotalSeconds, 1e-6);

    private void Note()
    {
        if (Current is not JobTokens)
        {
            return;
        }

        LastToken = _time.GetElapsedTime(_begun);
        FirstToken ??= LastToken;
        _limit = _nextLimit;
    }

    // Infinite seconds, of a miner whose speed is not known, leave the least time.
    private static TimeSpan Longer(TimeSpan least, double seconds) =>
        double.IsFinite(seconds) && seconds > least.TotalSeconds ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : least;
}
