using BTTInferGrid.Compute;
using BTTInferGrid.Link;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>Why a miner's part in a job ended without a result.</summary>
/// <param name="Outcome">What kind of end.</param>
/// <param name="Reason">What happened, for a person.</param>
/// <param name="Field">The request's field that is wrong, if the miner said that the request is.</param>
/// <param name="IsOurs">Whether a process of the grid stood still or stopped meanwhile, so that the miner is not to blame.</param>
internal readonly record struct AttemptFailure(AttemptOutcome Outcome, string Reason, string? Field = null, bool IsOurs = false)
{
    private const int MaxReasonLength = 200;

    /// <summary>
    /// The meaning of an exception of a call to a miner. A grain or silo that cannot be reached is a lost miner; any other
    /// error is the miner's own.
    /// </summary>
    public static AttemptFailure From(Exception failure) => failure switch
    {
        MinerBusyException => new(AttemptOutcome.Busy, "its queue is full."),
        MinerLostException lost => new(AttemptOutcome.Lost, Clip(lost.Reason), IsOurs: lost.IsByGrid),
        MinerFailedException failed => new(AttemptOutcome.Failed, Clip(failed.Reason)),
        RequestRefusedException refused => new(
            AttemptOutcome.Refused, $"it refused the request: {Clip(refused.Message)}", Clip(refused.Field)),
        TimeoutException => new(AttemptOutcome.Stalled, "it did not answer in time."),

        // Silo down, message rejected, enumeration aborted, activation not found: all are about the way to the miner. So is a
        // cancellation that nobody here asked for: Orleans cancels calls that wait for a silo that is lost.
        OrleansException or EnumerationAbortedException or OperationCanceledException => new(AttemptOutcome.Lost, "its silo does not answer."),
        _ => new(AttemptOutcome.Failed, $"it answered with an error of type {failure.GetType().Name}."),
    };

    private static string Clip(string text) => PrintableText.OneLine(text, MaxReasonLength);
}
