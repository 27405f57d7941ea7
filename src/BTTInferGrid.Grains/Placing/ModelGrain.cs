using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Telemetry;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Placing;

/// <summary>
/// Knows the miners of one model and who has how many jobs, in memory: the miners' records tell it again every second, so
/// an activation that is lost is whole again a second later.
/// </summary>
[KeepAlive]
internal sealed partial class ModelGrain(
    IOptions<PlacementOptions> options, MinerGauges gauges, TimeProvider time, ILogger<ModelGrain> logger) : Grain, IModelGrain
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SilencePeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GaugePeriod = TimeSpan.FromSeconds(5);
    private readonly PlacementOptions _options = options.Value;
    private readonly PlacementTable _table = new(options.Value, new Random());
    private readonly Dictionary<string, PlacedJob> _jobs = [];

    // When each miner that is not gone was last told of.
    private readonly Dictionary<string, long> _heard = [];

    private string Model => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(Sweep, SweepPeriod, SweepPeriod);
        this.RegisterGrainTimer(EndSilent, SilencePeriod, SilencePeriod);
        this.RegisterGrainTimer(ShowLoad, GaugePeriod, GaugePeriod);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        gauges.Forget(Model);
        return Task.CompletedTask;
    }

    public Task Update(MinerStanding standing)
    {
        if (standing.Offer.Model != Model)
        {
            throw new RequestRefusedException("model", $"the offer is for '{standing.Offer.Model}', not for '{Model}'.");
        }

        Keep(standing);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<MinerStanding>> Miners() => Task.FromResult(_table.Standings.ToImmutableArray());

    public Task<int> ActiveMiners() => Task.FromResult(_table.Active);

    public Task<Placement> Place(PlacementRequest request)
    {
        if (_table.Place(request, out var trace) is not { } placement)
        {
            throw new NoMinerException(Model, WhyNone(request, trace));
        }

        ReleaseIfPlaced(request.JobId);
        _jobs[request.JobId] = new PlacedJob(placement.Miner.MinerId, time.GetTimestamp());
        return Task.FromResult(placement);
    }

    public Task Release(string jobId, string minerId)
    {
        if (_jobs.TryGetValue(jobId, out var job) && job.MinerId == minerId)
        {
            ReleaseIfPlaced(jobId);
        }

        return Task.CompletedTask;
    }

    private static string WhyNone(PlacementRequest request, PlacementTrace trace) => trace.Known == 0
        ? "none has joined."
        : $"of {trace.Known} miners {trace.NotActive} are not active, {trace.OtherProfile} run another profile,"
            + $" {trace.TooSmall} have no context for {(long)request.PromptTokens + request.MaxTokens} tokens, {trace.Excluded} were tried.";

    private void ReleaseIfPlaced(string jobId)
    {
        if (_jobs.Remove(jobId, out var job))
        {
            _table.Release(job.MinerId);
        }
    }

    private void Keep(MinerStanding standing)
    {
        var active = _table.Active;
        _table.Update(standing);
        if (standing.State == MinerState.Gone)
        {
            _heard.Remove(standing.Offer.MinerId);
        }
        else
        {
            _heard[standing.Offer.MinerId] = time.GetTimestamp();
        }

        if (_table.Active != active)
        {
            LogActive(Model, _table.Active, standing.Offer.MinerId, standing.State, standing.Reason);
        }
    }

    /// <summary>A record that was lost with its silo tells nothing any more: its miner gets no jobs until one tells of it again.</summary>
    private Task EndSilent(CancellationToken cancellationToken)
    {
        foreach (var standing in _table.Standings.ToArray())
        {
            if (_heard.TryGetValue(standing.Offer.MinerId, out var heard) && time.GetElapsedTime(heard) > _options.SilentFor)
            {
                Keep(standing with { State = MinerState.Gone, Reason = "nothing was heard of it.", Since = time.GetUtcNow() });
            }
        }

        return Task.CompletedTask;
    }

    private Task ShowLoad(CancellationToken cancellationToken)
    {
        gauges.Set(Model, _table.Standings);
        return Task.CompletedTask;
    }

    /// <summary>Forgets jobs of which nobody said that they ended, and miners that are long gone.</summary>
    private Task Sweep(CancellationToken cancellationToken)
    {
        foreach (var (jobId, job) in _jobs)
        {
            if (time.GetElapsedTime(job.PlacedAt) > _options.JobTimeout)
            {
                LogForgotten(jobId, job.MinerId, _options.JobTimeout);
                ReleaseIfPlaced(jobId);
            }
        }

        _table.Forget(time.GetUtcNow() - _options.GoneFor);
        return Task.CompletedTask;
    }

    private readonly record struct PlacedJob(string MinerId, long PlacedAt);

    [LoggerMessage(2001, LogLevel.Information,
        "Model {Model} has {Count} active miners, since miner {MinerId} is {State}: {Reason}")]
    private partial void LogActive(string model, int count, string minerId, MinerState state, string reason);

    [LoggerMessage(2002, LogLevel.Warning,
        "Job {JobId} on miner {MinerId} is forgotten: nobody said in {Timeout} that it ended")]
    private partial void LogForgotten(string jobId, string minerId, TimeSpan timeout);
}
