using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Keys;

/// <summary>
/// The part of its key's limits that a running request holds. It is renewed while the request runs; disposing of it ends
/// it and tells the key how many tokens were used.
/// </summary>
internal sealed partial class KeyLease : IAsyncDisposable
{
    // An answer does not wait longer than this for its key, which gets back what is left when the lease runs out.
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(2);

    private readonly IApiKeyGrain _key;
    private readonly string _keyId;
    private readonly string _leaseId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _renewal;
    private int _runningJobs;
    private int _usedTokens;
    private bool _isReleased;

    public KeyLease(IApiKeyGrain key, string keyId, string leaseId, TimeProvider time, ILogger logger, int jobs = 1)
    {
        (_key, _keyId, _leaseId, _time, _logger, _runningJobs) = (key, keyId, leaseId, time, logger, jobs);
        var period = Admission.LeaseTime / 3;
        _renewal = time.CreateTimer(static lease => ((KeyLease)lease!).Renew(), this, period, period);
    }

    /// <summary>Counts tokens that were processed. Jobs of one request may do so at the same time.</summary>
    public void Use(int tokens) => Interlocked.Add(ref _usedTokens, tokens);

    /// <summary>
    /// Counts a job's event: the tokens of the prompt once it has a miner, those of the answer as they come, so that a client
    /// that leaves early is counted what was made. The lease ends with the result of the last job, before the client has it: a
    /// client that has its answer may send the next request.
    /// </summary>
    /// <param name="step">The event.</param>
    /// <param name="promptTokens">Tokens of the job's prompt; 0 once they are counted.</param>
    public ValueTask CountAsync(JobEvent step, ref int promptTokens)
    {
        switch (step)
        {
            case JobPlaced:
                Use(promptTokens);
                promptTokens = 0;
                break;
            case JobTokens tokens:
                Use(tokens.Tokens.Length);
                break;
            case JobResult when Interlocked.Decrement(ref _runningJobs) == 0:
                return DisposeAsync();
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isReleased)
        {
            return;
        }

        _isReleased = true;
        await _renewal.DisposeAsync();
        try
        {
            await _key.Release(_leaseId, _usedTokens).WaitAsync(ReleaseTimeout, _time);
        }
        catch (Exception failure)
        {
            // The answer is good; only its key's limits are wrong, and for a minute only.
            LogReleaseFailed(failure, _leaseId, _keyId);
        }
    }

    private void Renew() => _ = _key.Renew(_leaseId);

    [LoggerMessage(3201, LogLevel.Warning,
        "Request {RequestId} could not tell API key {KeyId} that it ended; it counts as running until its lease runs out")]
    private partial void LogReleaseFailed(Exception failure, string requestId, string keyId);
}
