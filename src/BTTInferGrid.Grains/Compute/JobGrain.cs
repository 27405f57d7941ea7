using System.Runtime.CompilerServices;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Compute;

/// <summary>Runs one job on one miner and passes on only what <see cref="MinerStreamCheck"/> lets through.</summary>
[CollectionAgeLimit(Minutes = 2)]
internal sealed partial class JobGrain(ILogger<JobGrain> logger) : Grain, IJobGrain
{
    private bool _started;

    public async IAsyncEnumerable<JobEvent> Run(
        JobRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var jobId = this.GetPrimaryKeyString();
        Start(jobId, request);

        var model = GrainFactory.GetGrain<IModelGrain>(request.Model);
        var miner = await model.Place(
            new PlacementRequest(jobId, request.Profile, request.Prompt.Length + request.MaxTokens));
        LogPlaced(jobId, miner.MinerId, request.Prompt.Length, request.MaxTokens);
        yield return new JobPlaced(miner.MinerId);

        var check = new MinerStreamCheck(miner.MinerId, request);
        var answer = GrainFactory.GetGrain<IMinerGrain>(miner.MinerId).Generate(
            new GenerateRequest(
                jobId,
                request.Profile,
                request.Prompt,
                request.Sampling,
                SamplingSeed.Derive(jobId, request, miner),
                request.MaxTokens,
                request.Stop,
                request.Tenant),
            cancellationToken);

        try
        {
            await foreach (var step in answer)
            {
                yield return check.Next(step);
            }

            check.End();
        }
        finally
        {
            // Also reached when the stream throws or its reader leaves.
            LogEnd(jobId, miner.MinerId, check);
        }
    }

    private void LogEnd(string jobId, string minerId, MinerStreamCheck check)
    {
        if (check.Ended)
        {
            LogEnded(jobId, minerId, check.OutputTokens);
        }
        else
        {
            LogEndedEarly(jobId, minerId, check.OutputTokens);
        }
    }

    private void Start(string jobId, JobRequest request)
    {
        if (_started)
        {
            throw new RequestRefusedException("job", $"job '{jobId}' has run already; send a new job id.");
        }

        if (request.Prompt.IsDefaultOrEmpty)
        {
            throw new RequestRefusedException("prompt", "it is empty; send at least one token.");
        }

        var most = int.MaxValue - request.Prompt.Length;
        if (request.MaxTokens < 1 || request.MaxTokens > most)
        {
            throw new RequestRefusedException("max_tokens", $"it is {request.MaxTokens}; it must be between 1 and {most}.");
        }

        _started = true;
    }

    [LoggerMessage(2101, LogLevel.Information,
        "Job {JobId} placed on miner {MinerId}: {PromptTokens} prompt tokens, at most {MaxTokens} more")]
    private partial void LogPlaced(string jobId, string minerId, int promptTokens, int maxTokens);

    [LoggerMessage(2102, LogLevel.Information, "Job {JobId} ended on miner {MinerId}: {OutputTokens} tokens")]
    private partial void LogEnded(string jobId, string minerId, int outputTokens);

    [LoggerMessage(2103, LogLevel.Information,
        "Job {JobId} was ended early on miner {MinerId} after {OutputTokens} tokens: its reader left, or it failed")]
    private partial void LogEndedEarly(string jobId, string minerId, int outputTokens);
}
