using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Grid;

/// <summary>A job's trace as <c>/v1/grid/jobs/{id}</c> shows it.</summary>
internal sealed record JobView(
    string Id, string Model, JobState State, DateTimeOffset Started, DateTimeOffset? Ended, int PromptTokens, int OutputTokens,
    string? Error, IReadOnlyList<AttemptView> Attempts)
{
    public static JobView Of(JobTrace trace) => new(
        trace.JobId, trace.Model, trace.State, trace.Started, trace.Ended, trace.PromptTokens, trace.OutputTokens, trace.Error,
        [.. trace.Attempts.Select(AttemptView.Of)]);
}
