using BTTInferGrid.Compute;
using BTTInferGrid.Front.Completions;

namespace BTTInferGrid.Front.Errors;

/// <summary>
/// Answers every failed request with OpenAI's error object, and gives every response its request id. Server faults are
/// logged with that id; client mistakes are the client's to read.
/// </summary>
internal sealed partial class ApiErrorMiddleware(RequestDelegate next, ILogger<ApiErrorMiddleware> logger)
{
    public const string RequestIdHeader = "x-request-id";

    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = context.TraceIdentifier = "req_" + Guid.NewGuid().ToString("N");
        context.Response.Headers[RequestIdHeader] = requestId;
        try
        {
            await next(context);
            await AnswerUnroutedAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            LogAborted(requestId, JobId.Of(context.Response), context.Request.Path);
        }
        catch (Exception failure)
        {
            await AnswerFailureAsync(context, failure, requestId);
        }
    }

    private async Task AnswerFailureAsync(HttpContext context, Exception failure, string requestId)
    {
        var error = ApiErrors.From(failure, requestId);
        if (error.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailed(failure, requestId, JobId.Of(context.Response), context.Request.Path);
        }
        else if (failure is ModelBusyException)
        {
            LogBusy(requestId, JobId.Of(context.Response), context.Request.Path, error.Status, error.Message);
        }
        else if (error.Status > StatusCodes.Status500InternalServerError)
        {
            LogNotServed(requestId, JobId.Of(context.Response), context.Request.Path, error.Status, error.Message);
        }

        if (context.Response.HasStarted)
        {
            // Too late for a status: a cut connection tells the client that what it has is not whole.
            context.Abort();
            return;
        }

        await ApiErrorWriter.WriteResponseAsync(context, error);
    }

    /// <summary>Routing itself answers an unknown path or method with a bare status; handlers throw instead.</summary>
    private static Task AnswerUnroutedAsync(HttpContext context)
    {
        if (context.Response.HasStarted || context.Response.ContentType is not null)
        {
            return Task.CompletedTask;
        }

        var (method, path) = (context.Request.Method, context.Request.Path);
        return context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound =>
                ApiErrorWriter.WriteResponseAsync(context, ApiException.NotFound(method, path)),
            StatusCodes.Status405MethodNotAllowed =>
                ApiErrorWriter.WriteResponseAsync(context, ApiException.MethodNotAllowed(method, path)),
            _ => Task.CompletedTask,
        };
    }

    [LoggerMessage(3001, LogLevel.Error, "Request {RequestId} (job {JobId}) to {Path} failed and was answered 500")]
    private partial void LogFailed(Exception failure, string requestId, string jobId, PathString path);

    [LoggerMessage(3002, LogLevel.Information, "Request {RequestId} (job {JobId}) to {Path} was abandoned by its client")]
    private partial void LogAborted(string requestId, string jobId, PathString path);

    // One for each request that is too many; bttgrid.jobs counts them as well.
    [LoggerMessage(3004, LogLevel.Debug, "Request {RequestId} (job {JobId}) to {Path} found the model busy and was answered {Status}: {Reason}")]
    private partial void LogBusy(string requestId, string jobId, PathString path, int status, string reason);

    [LoggerMessage(3003, LogLevel.Warning,
        "Request {RequestId} (job {JobId}) to {Path} was not served and answered {Status}: {Reason}")]
    private partial void LogNotServed(string requestId, string jobId, PathString path, int status, string reason);
}
