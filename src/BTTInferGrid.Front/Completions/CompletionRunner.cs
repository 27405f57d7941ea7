using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Completions;

/// <summary>Answers a request for completions whose fields are checked and whose prompts are tokens: one job for each answer.</summary>
internal sealed partial class CompletionRunner(
    IJobStreams streams, KeyAdmission keys, FrontStop front, [GridClock] TimeProvider time, ILogger<CompletionRunner> logger)
{
    public async Task RunAsync(
        HttpContext context, CompletionOptions options, ServedModel model, IReadOnlyList<int[]> prompts, CompletionFormat format)
    {
        var aborted = context.RequestAborted;
        var jobs = CompletionJobs.Create(options, prompts, format, model, ApiKeyFilter.TenantOf(context));
        await using var lease = await keys.AdmitAsync(context, jobs.Sum(static job => job.Prompt.Length + job.MaxTokens), jobs.Length);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, front.Ended);
        var jobIds = new string[jobs.Length];
        var answers = new CompletionAnswer[jobs.Length];
        for (var i = 0; i < jobs.Length; i++)
        {
            jobIds[i] = JobId.Create();
            answers[i] = new CompletionAnswer(
                i, streams.Run(jobIds[i], jobs[i], stop.Token), jobs[i].Prompt.Length, lease, model.Vocabulary, options.Stop);
        }

        JobId.Tell(context.Response, jobIds);
        var completion = new Completion(
            format.IdPrefix + jobIds[0], options.Model, time.GetUtcNow().ToUnixTimeSeconds(), jobs.Length, prompts.Count,
            prompts.Sum(static prompt => prompt.Length), format);
        await using var pieces = AnswerMerge.ReadAsync(answers, stop).GetAsyncEnumerator(CancellationToken.None);

        if (!options.Stream)
        {
            await pieces.MoveNextAsync();
            await CompletionResponseWriter.WriteAsync(context, completion, pieces, options.TopLogProbs is not null);
            return;
        }

        var keepAlive = new StreamKeepAlive(context, time);
        try
        {
            // The response begins with the first text or the first comment; a failure before has a status of its own.
            await pieces.MoveNextAsync();
            await CompletionStreamWriter.WriteAsync(context, completion, pieces, options.IncludeUsage, keepAlive);
        }
        catch (Exception failure)
        {
            await keepAlive.DisposeAsync();
            if (!context.Response.HasStarted || aborted.IsCancellationRequested)
            {
                throw;
            }

            if (front.Ended.IsCancellationRequested)
            {
                LogStreamStopped(JobId.Of(context.Response), context.TraceIdentifier);
                await CompletionStreamWriter.WriteErrorAsync(context, ApiException.FrontStops());
                return;
            }

            LogStreamFailed(failure, JobId.Of(context.Response), context.TraceIdentifier);
            await CompletionStreamWriter.WriteErrorAsync(context, ApiErrors.From(failure, context.TraceIdentifier));
        }
    }

    [LoggerMessage(3102, LogLevel.Warning, "Job {JobId} of request {RequestId} is cut after its stream had begun: this front stops")]
    private partial void LogStreamStopped(string jobId, string requestId);

    [LoggerMessage(3101, LogLevel.Error, "Job {JobId} of request {RequestId} failed after its stream had begun")]
    private partial void LogStreamFailed(Exception failure, string jobId, string requestId);
}
