using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Telemetry;
using Microsoft.Extensions.Options;

namespace BTTInferGrid.Grains.Routing;

/// <summary>
/// Knows the miners of one model and how many jobs each has, in memory: a new activation is complete again when each silo has
/// sent its next report.
/// </summary>
[KeepAlive]
internal sealed partial class ModelGrain(
    IOptions<RoutingOptions> options, MinerGauges gauges, ISiloStatusOracle silos, ProcessPauses pauses, TimeProvider time,
    ILogger<ModelGrain> logger) : Grain, IModelGrain
{
    private const double DurationWeight = 0.1;
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SilencePeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GaugePeriod = TimeSpan.FromSeconds(5);

    // A job that has lost its miner asks again within this time.
    private static readonly TimeSpan Precedence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstRetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(30);

    // Every silo with miners reports within a second, and now and then a second later.
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(3);
    private readonly RoutingOptions _options = options.Value;
    private readonly RoutingTable _table = new(options.Value, new Random());
    private readonly Dictionary<string, RoutedJob> _jobs = [];
    private readonly long _activatedAt = time.GetTimestamp();
    private MinerSources? _sources;
    private int _pausesSeen = pauses.Count;
    private TimeSpan? _jobDuration;
    private long? _lastTurnedBack;

    private MinerSources Sources => _sources ??= new MinerSources(_table, time);

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

    public Task<bool> Publish(MinerReport report)
    {
        MinerReportCheck.Check(report, Model);
        var before = _table.Active;
        var isKnown = Sources.Apply(report);
        if (_table.Active != before)
        {
            LogActive(Model, _table.Active, before);
        }

        return Task.FromResult(isKnown);
    }

    public Task<ImmutableArray<MinerStanding>> Miners() => Task.FromResult(_table.Standings.ToImmutableArray());

    public Task<int> ActiveMiners() => Task.FromResult(_table.Active);

    public Task<Route> Route(RouteRequest request)
    {
        ReleaseIfRouted(request.JobId);
        if (!request.Continues && _lastTurnedBack is { } at && time.GetElapsedTime(at) < Precedence)
        {
            throw Busy("jobs that have lost their miner come first");
        }

        if (_table.Route(request, out var trace) is not { } route)
        {
            if (trace.Known == 0 && time.GetElapsedTime(_activatedAt) < StartTime)
            {
                throw new ModelBusyException(Model, "its miners are not known yet. Try again in 1 s.", TimeSpan.FromSeconds(1)) { IsStarting = true };
            }

            if (trace.Full == 0)
            {
                throw new NoMinerException(Model, WhyNone(request, trace));
            }

            _lastTurnedBack = request.Continues ? time.GetTimestamp() : null;
            throw Busy($"every miner that could serve it ({trace.Full}) has its slots or its cache taken");
        }

        _lastTurnedBack = request.Continues ? null : _lastTurnedBack;
        _jobs[request.JobId] = new RoutedJob(
            route.Miner.MinerId, RoutingTable.CacheTokens(request), request.Silo, time.GetTimestamp());
        return Task.FromResult(route);
    }

    public Task Release(string jobId, string minerId)
    {
        if (_jobs.TryGetValue(jobId, out var job) && job.MinerId == minerId)
        {
            var duration = time.GetElapsedTime(job.RoutedAt);
            _jobDuration = _jobDuration is { } mean ? mean + ((duration - mean) * DurationWeight) : duration;
            ReleaseIfRouted(jobId);
        }

        return Task.CompletedTask;
    }

    /// <summary>By the time in which a job ends, on average, there should be room for one.</summary>
    private ModelBusyException Busy(string reason)
    {
        var seconds = Math.Clamp(Math.Ceiling((_jobDuration ?? FirstRetryAfter).TotalSeconds), 1, MaxRetryAfter.TotalSeconds);
        return new(Model, $"{reason}. Try again in {seconds:0} s.", TimeSpan.FromSeconds(seconds));
    }

    private static string WhyNone(RouteRequest request, RouteTrace trace) => trace.Known == 0
        ? "none has joined."
        : $"of {trace.Known} miners {trace.NotActive} are not active, {trace.OtherProfile} run another profile,"
            + $" {trace.TooSmall} have no context for {(long)request.PromptTokens + request.MaxTokens} tokens, {trace.Excluded} were tried.";

    private void ReleaseIfRouted(string jobId)
    {
        if (_jobs.Remove(jobId, out var job))
        {
            _table.Release(job.MinerId, job.CacheTokens);
        }
    }

    private Task EndSilent(CancellationToken cancellationToken)
    {
        // Reports that came while this process stood still are read first.
        if (_pausesSeen != pauses.Count)
        {
            _pausesSeen = pauses.Count;
            Sources.BeginAnew();
        }

        foreach (var (source, miners) in Sources.RemoveSilent(_options.SilentFor))
        {
            LogSilent(source, _options.SilentFor, miners, Model);
        }

        // Nobody else reports the end of these jobs, and as load they would keep miners from new ones.
        foreach (var (jobId, job) in _jobs)
        {
            if (job.Silo is not null && silos.IsDeadSilo(job.Silo))
            {
                ReleaseIfRouted(jobId);
            }
        }

        return Task.CompletedTask;
    }

    private Task ShowLoad(CancellationToken cancellationToken)
    {
        gauges.Set(Model, _table.Standings);
        return Task.CompletedTask;
    }

    /// <summary>Forgets jobs whose end was not reported, and miners that are long gone.</summary>
    private Task Sweep(CancellationToken cancellationToken)
    {
        foreach (var (jobId, job) in _jobs)
        {
            if (time.GetElapsedTime(job.RoutedAt) > _options.JobTimeout)
            {
                LogForgotten(jobId, job.MinerId, _options.JobTimeout);
                ReleaseIfRouted(jobId);
            }
        }

        _table.Forget(time.GetUtcNow() - _options.GoneFor);
        return Task.CompletedTask;
    }

    private readonly record struct RoutedJob(string MinerId, long CacheTokens, SiloAddress? Silo, long RoutedAt);

    [LoggerMessage(2001, LogLevel.Information, "Model {Model} has {Count} active miners; it had {Before}")]
    private partial void LogActive(string model, int count, int before);

    [LoggerMessage(2002, LogLevel.Warning, "Job {JobId} on miner {MinerId} is forgotten: its end was not reported in {Timeout}")]
    private partial void LogForgotten(string jobId, string minerId, TimeSpan timeout);

    [LoggerMessage(2003, LogLevel.Warning,
        "Source {Source} has not reported for {SilentFor}; its {Count} miners of model {Model} are gone")]
    private partial void LogSilent(string source, TimeSpan silentFor, int count, string model);
}
