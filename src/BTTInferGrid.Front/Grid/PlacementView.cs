using BTTInferGrid.Compute;

namespace BTTInferGrid.Front.Grid;

/// <summary>Who was considered for a job and why the winner won.</summary>
internal sealed record PlacementView(
    string Decision, int Known, int NotActive, int OtherProfile, int TooSmall, int Excluded, IReadOnlyList<PlacementCandidate> Finalists)
{
    public static PlacementView Of(PlacementTrace trace) => new(
        trace.Decision, trace.Known, trace.NotActive, trace.OtherProfile, trace.TooSmall, trace.Excluded, [.. trace.Finalists]);
}
