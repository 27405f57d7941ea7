using System.Runtime.CompilerServices;
using BTTInferGrid.Compute;
using BTTInferGrid.Grains.Miners.Sessions;
using BTTInferGrid.Grains.Telemetry;
using BTTInferGrid.Inference;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>
/// Brings one job to its end: on one miner, or on one after the other, each going on where the last was lost. Passes on
/// only what <see cref="AnswerValidator"/> lets through. Invariant: the tokens passed on are the tokens that the next
/// miner goes on from, so none is lost and none comes twice.
/// </summary>
[CollectionAgeLimit(Minutes = 10), PreferLocalPlacement]
internal sealed partial class JobGrain(
    IOptions<JobOptions> options, ModelCatalogue catalogue, MinerSessions sessions, LocalJobStreams streams, TraceRetention ended,
    ProcessPauses pauses, JobTelemetry telemetry, [GridClock] TimeProvider time, ILogger<JobGrain> logger) : Grain, IJobGrain
{
    private readonly JobOptions _options = options.Value;
    private JobTraceBuilder? _story;

    private string JobId => this.GetPrimaryKeyString();

    public Task<JobTrace?> Trace() => Task.FromResult(_story?.ToTrace());

    public async IAsyncEnumerable<JobEvent> Run(
        JobRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reader = streams.Find(JobId);
        await foreach (var step in ServeAsync(request, cancellationToken))
        {
            if (reader is null)
            {
                yield return step;
            }
            else
            {
                await reader.WriteAsync(step, cancellationToken);
            }
        }
    }

    public async Task<EmbedResult> Embed(EmbedJobRequest request, CancellationToken cancellationToken = default)
    {
        var tokens = JobValidator.Validate(request);
        var story = Begin(request.Model, request.Tenant, tokens);
        var placer = new JobScheduler(JobId, request.Model, GrainFactory, _options, time, story);
        var need = new RouteRequest(JobId, request.Profile, request.Inputs.Max(static input => input.Length), 0, Silo: GrainContext.Address.SiloAddress);
        var ask = new EmbedRequest(JobId, request.Profile, request.Inputs);
        try
        {
            while (true)
            {
                var placement = await placer.PlaceAsync(need, cancellationToken);
                var minerId = placement.Miner.MinerId;
                AttemptFailure fault;
                try
                {
                    var result = await GrainFactory.GetMiner(minerId).Embed(ask, cancellationToken);
                    JobValidator.ValidateVectors(minerId, result, request.Inputs.Length);
                    await placer.EndAsync(AttemptOutcome.Completed, null, 0, default);
                    return result;
                }
                catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
                {
                    fault = AttemptFailure.From(failure);
                }
                catch (Exception)
                {
                    await placer.EndAsync(AttemptOutcome.Cancelled, null, 0, default);
                    throw;
                }

                await placer.EndAsync(fault.Outcome, fault, 0, default);
                LogLost(JobId, minerId, 0, fault.Outcome, fault.Reason);
            }
        }
        finally
        {
            End(story, null, "embeddings", request.TraceParent);
        }
    }

    /// <summary>Runs the job; see <see cref="IJobGrain.Run"/>.</summary>
    private async IAsyncEnumerable<JobEvent> ServeAsync(
        JobRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var model = JobValidator.Validate(request, catalogue);
        var story = Begin(request.Model, request.Tenant, request.Prompt.Length);
        var placer = new JobScheduler(JobId, request.Model, GrainFactory, _options, time, story);
        var need = new RouteRequest(
            JobId, request.Profile, request.Prompt.Length, request.MaxTokens, PromptPrefixes.Of(request.Tenant, request.Prompt.AsSpan()),
            Silo: GrainContext.Address.SiloAddress, Continues: request.Seed is not null);
        var answered = new List<int>(request.Answered.IsDefault ? [] : request.Answered);
        var seed = request.Seed;
        JobResult? result = null;
        try
        {
            while (true)
            {
                var placement = await placer.PlaceAsync(
                    need with
                    {
                        PromptTokens = request.Prompt.Length + answered.Count,
                        MaxTokens = request.MaxTokens - answered.Count,
                    },
                    cancellationToken);
                var minerId = placement.Miner.MinerId;
                LogPlaced(JobId, minerId, request.Prompt.Length, answered.Count, request.MaxTokens);
                seed ??= SamplingSeed.Derive(JobId, request, minerId);
                var ask = new GenerateRequest(JobId, request, seed.Value, [.. answered]);
                await using var attempt = new AttemptRun(
                    new AttemptPlan(minerId, request, model.Vocabulary, ask.Answered, placement.Speed),
                    stop => Generate(minerId, ask, stop),
                    _options, time, pauses, cancellationToken);
                story.Running(attempt);
                try
                {
                    yield return new JobPlaced(minerId, seed.Value);
                    while (await attempt.MoveNextAsync())
                    {
                        if (attempt.Current is JobTokens tokens)
                        {
                            answered.AddRange(tokens.Tokens);
                        }

                        result = attempt.Current as JobResult;
                        yield return attempt.Current!;
                    }
                }
                finally
                {
                    // Also reached when the reader leaves.
                    var outcome = attempt.HasEnded ? AttemptOutcome.Completed : attempt.Failure?.Outcome ?? AttemptOutcome.Cancelled;
                    await placer.EndAsync(outcome, attempt.Failure, attempt.OutputTokens, attempt.Speed);
                }

                if (attempt.Failure is not { } fault)
                {
                    yield break;
                }

                LogLost(JobId, minerId, attempt.OutputTokens, fault.Outcome, fault.Reason);
            }
        }
        finally
        {
            End(story, result, request.Operation, request.TraceParent);
        }
    }

    /// <summary>Opens the miner's stream: from its session if that is on this silo, or else across the cluster.</summary>
    private IAsyncEnumerable<JobEvent> Generate(string minerId, GenerateRequest ask, CancellationToken stop) =>
        sessions.Find(minerId)?.Generate(ask, stop) ?? GrainFactory.GetMiner(minerId).Generate(ask, stop);

    private JobTraceBuilder Begin(string model, string tenant, int promptTokens)
    {
        if (_story is not null)
        {
            throw new RequestRefusedException("job", $"job '{JobId}' has run already; send a new job id.");
        }

        telemetry.Begin(model);
        return _story = new JobTraceBuilder(JobId, model, tenant, promptTokens, time);
    }

    private void End(JobTraceBuilder story, JobResult? result, string operation, string? traceParent)
    {
        story.End();
        ended.Keep(GrainContext);
        telemetry.End(story.ToTrace(), result, operation, traceParent);
        if (story is { State: JobState.Failed, Attempts: 0 })
        {
            LogNotPlaced(JobId, story.Error);
        }
        else if (story.State == JobState.Failed)
        {
            LogFailed(JobId, story.Attempts, story.OutputTokens, story.Error);
        }
        else if (story.State == JobState.Completed)
        {
            LogCompleted(JobId, story.OutputTokens, story.Attempts);
        }
        else
        {
            LogEndedEarly(JobId, story.Attempts, story.OutputTokens);
        }
    }

    [LoggerMessage(2101, LogLevel.Information,
        "Job {JobId} placed on miner {MinerId}: {PromptTokens} prompt tokens, {Answered} answered, at most {MaxTokens} in all")]
    private partial void LogPlaced(string jobId, string minerId, int promptTokens, int answered, int maxTokens);

    [LoggerMessage(2102, LogLevel.Information, "Job {JobId} is complete: {OutputTokens} tokens, {Attempts} miners")]
    private partial void LogCompleted(string jobId, int outputTokens, int attempts);

    [LoggerMessage(2103, LogLevel.Information,
        "Job {JobId} was ended early by its reader, with {Attempts} miners tried and {OutputTokens} tokens made")]
    private partial void LogEndedEarly(string jobId, int attempts, int outputTokens);

    [LoggerMessage(2104, LogLevel.Warning,
        "Job {JobId} lost miner {MinerId} after {OutputTokens} of its tokens ({Outcome}: {Reason}) and goes on with another")]
    private partial void LogLost(string jobId, string minerId, int outputTokens, AttemptOutcome outcome, string reason);

    // Its front reports it, and how seriously depends on why.
    [LoggerMessage(2106, LogLevel.Debug, "Job {JobId} was placed on no miner: {Error}")]
    private partial void LogNotPlaced(string jobId, string? error);

    [LoggerMessage(2105, LogLevel.Warning,
        "Job {JobId} failed, with {Attempts} miners tried and {OutputTokens} tokens made: {Error}")]
    private partial void LogFailed(string jobId, int attempts, int outputTokens, string? error);
}
