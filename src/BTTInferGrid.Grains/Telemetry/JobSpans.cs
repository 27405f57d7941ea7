using System.Diagnostics;
using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Telemetry;

/// <summary>Writes a job's span, with one inside it for each miner that it was placed on, once all are over.</summary>
internal static class JobSpans
{
    public static void Write(string name, JobTrace trace, JobResult? result, in TagList tags, string? parent)
    {
        if (!GridTelemetry.Spans.HasListeners())
        {
            return;
        }

        // Spans are made where they end: whatever span this flow is part of is neither their parent nor hidden by them.
        var around = Activity.Current;
        Activity.Current = null;
        try
        {
            ActivityContext.TryParse(parent, null, isRemote: true, out var context);
            using var job = GridTelemetry.Spans.StartActivity(
                ActivityKind.Internal, context, tags, null, trace.Started, name);
            if (job is null)
            {
                return;
            }

            job.SetTag(Tags.JobId, trace.JobId);
            job.SetTag(Tags.InputTokens, trace.PromptTokens);
            job.SetTag(Tags.OutputTokens, trace.OutputTokens);
            if (result is not null)
            {
                job.SetTag(Tags.FinishReasons, new[] { result.StopReason == StopReason.MaxTokens ? "length" : "stop" });
                job.SetTag(Tags.CachedTokens, result.Usage.CachedPromptTokens);
            }

            if (trace.Error is { } error)
            {
                job.SetStatus(ActivityStatusCode.Error, error);
            }

            foreach (var attempt in trace.Attempts)
            {
                Write(attempt, job.Context);
            }

            job.SetEndTime(trace.Ended!.Value.UtcDateTime);
        }
        finally
        {
            Activity.Current = around;
        }
    }

    private static void Write(JobAttempt attempt, ActivityContext job)
    {
        var tags = new TagList
        {
            { Tags.MinerId, attempt.MinerId },
            { Tags.Outcome, Tags.Of(attempt.Outcome ?? AttemptOutcome.Cancelled) },
            { Tags.OutputTokens, attempt.OutputTokens },
            { Tags.Placement, attempt.Route.Decision },
        };
        using var span = GridTelemetry.Spans.StartActivity(
            ActivityKind.Client, job, tags, null, attempt.Placed, "attempt");
        if (span is null)
        {
            return;
        }

        if (attempt.FirstToken is { } first)
        {
            span.AddEvent(new ActivityEvent("first_token", attempt.Placed + first));
        }

        if (attempt.Reason is { } reason)
        {
            span.SetStatus(ActivityStatusCode.Error, reason);
        }

        span.SetEndTime((attempt.Ended ?? attempt.Placed).UtcDateTime);
    }
}
