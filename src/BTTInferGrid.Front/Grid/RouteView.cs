using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Grid;

/// <summary>Who was considered for a job and why the winner won.</summary>
internal sealed record RouteView(
    string Decision, int Known, int NotActive, int OtherProfile, int TooSmall, int Excluded, int Full, IReadOnlyList<RouteCandidate> Finalists)
{
    public static RouteView Of(RouteTrace trace) => new(
        trace.Decision, trace.Known, trace.NotActive, trace.OtherProfile, trace.TooSmall, trace.Excluded, trace.Full, [.. trace.Finalists]);
}
