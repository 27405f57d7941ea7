using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Grid;

/// <summary>One miner's part in a job, and why it was this miner.</summary>
internal sealed record AttemptView(
    string Miner, DateTimeOffset Placed, double? FirstTokenSeconds, DateTimeOffset? Ended, int OutputTokens, AttemptOutcome? Outcome,
    string? Reason, RouteView Placement)
{
    public static AttemptView Of(JobAttempt attempt) => new(
        attempt.MinerId, attempt.Placed, attempt.FirstToken?.TotalSeconds, attempt.Ended, attempt.OutputTokens, attempt.Outcome,
        attempt.Reason, RouteView.Of(attempt.Route));
}
