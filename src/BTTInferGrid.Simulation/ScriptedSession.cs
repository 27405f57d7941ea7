using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners;
using BTTInferGrid.Grains.Miners.Sessions;

namespace BTTInferGrid.Simulation;

/// <summary>One session of a <see cref="ScriptedMiner"/> on one silo: what a link's or an engine's session is in a real grid.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Jobs may outlast the session, and neither field has a handle to free.")]
internal sealed class ScriptedSession(ScriptedMiner miner, MinerScript offered, TimeProvider clock) : IMinerSession
{
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _slots = new(Math.Max(offered.Slots, 1));
    private volatile string _end = "its connection ended.";
    private volatile bool _isDraining;
    private MinerOffer? _offer;
    private int _jobs;

    /// <inheritdoc/>
    public string MinerId => miner.Id;

    /// <inheritdoc/>
    public MinerOffer? Offer
    {
        get => Volatile.Read(ref _offer);
        set => Volatile.Write(ref _offer, value);
    }

    /// <inheritdoc/>
    public int Jobs => Volatile.Read(ref _jobs);

    /// <inheritdoc/>
    public MinerStatus Status => new(
        Math.Min(Jobs, offered.Slots), Math.Max(Jobs - offered.Slots, 0),
        (int)Math.Min(int.MaxValue, (long)offered.Slots * offered.ContextTokens), CacheTokensInUse: 0, _isDraining);

    /// <summary>Cancelled when the session has ended.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why it ended.</summary>
    public string End => _end;

    /// <summary>Takes no more jobs.</summary>
    public void Drain() => _isDraining = true;

    /// <summary>Ends the session. Only the first call has an effect.</summary>
    public void Close(string reason)
    {
        lock (_closed)
        {
            if (_closed.IsCancellationRequested)
            {
                return;
            }

            _end = reason;
        }

        _closed.Cancel();
    }

    /// <inheritdoc/>
    public void Close(SessionEnd end, string reason) => Close(reason);

    /// <inheritdoc/>
    public async IAsyncEnumerable<JobEvent> Generate(
        GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var script = miner.Script;
        var fault = MinerProbe.IsProbe(request) && !script.FaultsInProbes ? MinerFault.None : script.Fault;
        Enter(request.Job, script, fault);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Closed);
            var run = new ScriptedRun(this, request, script, fault, clock);
            await using var steps = run.RunAsync(_slots, stop.Token).GetAsyncEnumerator(stop.Token);
            while (await MoveNextAsync(steps, cancellationToken))
            {
                yield return steps.Current;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _jobs);
        }
    }

    /// <inheritdoc/>
    public Task<EmbedResult> Embed(EmbedRequest request, CancellationToken cancellationToken) =>
        Task.FromException<EmbedResult>(new RequestRefusedException("model", "the simulated model makes no vectors."));

    /// <summary>Counts a job, or refuses it as a node does.</summary>
    private void Enter(JobRequest job, MinerScript script, MinerFault fault)
    {
        if (Closed.IsCancellationRequested)
        {
            throw new MinerLostException(MinerId, _end);
        }

        if (job.Profile != offered.Profile)
        {
            throw new RequestRefusedException("profile", $"miner '{MinerId}' runs {offered.Profile}, not {job.Profile}.");
        }

        if (job.Prompt.Length + (long)job.MaxTokens > offered.ContextTokens)
        {
            throw new RequestRefusedException("max_tokens", $"the context of miner '{MinerId}' has {offered.ContextTokens} tokens.");
        }

        if (fault == MinerFault.Refuses || job.Grammar is not null || job.TopLogProbs is not null)
        {
            throw new RequestRefusedException("request", "the simulated model follows no grammar and gives no log-probabilities.");
        }

        if (Interlocked.Increment(ref _jobs) > offered.Slots + script.Queue || _isDraining || fault == MinerFault.IsBusy)
        {
            Interlocked.Decrement(ref _jobs);
            throw new MinerBusyException(MinerId);
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<JobEvent> steps, CancellationToken cancellationToken)
    {
        try
        {
            return await steps.MoveNextAsync();
        }
        catch (OperationCanceledException) when (Closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MinerLostException(MinerId, _end);
        }
    }
}
