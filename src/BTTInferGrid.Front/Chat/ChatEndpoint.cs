using System.Security.Cryptography;
using BTTInferGrid.Compute;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Json;
using BTTInferGrid.Front.Keys;
using BTTInferGrid.Front.Models;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed partial class ChatEndpoint(
    ModelCatalogue catalogue, IGrainFactory grains, KeyAdmission keys, TimeProvider time, ILogger<ChatEndpoint> logger)
{
    public const string JobIdHeader = "x-job-id";
    private const int JobIdDigits = 32;

    public async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        ChatRequest request;
        using (var body = await JsonBody.ReadAsync(context.Request, aborted))
        {
            request = ChatRequestReader.Read(body.RootElement);
        }

        var model = catalogue.Require(request.Model);
        var job = ChatJob.Create(request, model, ApiKeyFilter.TenantOf(context));
        await using var lease = await keys.AdmitAsync(context, job.Prompt.Length + job.MaxTokens);
        var jobId = RandomNumberGenerator.GetHexString(JobIdDigits, lowercase: true);
        context.Response.Headers[JobIdHeader] = jobId;
        var completion = new ChatCompletion($"chatcmpl-{jobId}", request.Model, time.GetUtcNow().ToUnixTimeSeconds());

        var events = lease.Meter(grains.GetGrain<IJobGrain>(jobId).Run(job, aborted), job.Prompt.Length);
        await using var answer = new ChatAnswer(events, model, request.Stop);

        // The response begins with the first text, so that whatever fails before it is answered with a status of its own.
        await answer.MoveNextAsync();
        if (!request.Stream)
        {
            await ChatResponseWriter.WriteAsync(context, completion, answer);
            return;
        }

        try
        {
            await ChatStreamWriter.WriteAsync(context, completion, answer, request.IncludeUsage);
        }
        catch (Exception failure) when (context.Response.HasStarted && !aborted.IsCancellationRequested)
        {
            LogStreamFailed(failure, jobId, context.TraceIdentifier);
            await ChatStreamWriter.WriteErrorAsync(context, ApiErrors.From(failure, context.TraceIdentifier));
        }
    }

    [LoggerMessage(3101, LogLevel.Error, "Job {JobId} of request {RequestId} failed after its stream had begun")]
    private partial void LogStreamFailed(Exception failure, string jobId, string requestId);
}
