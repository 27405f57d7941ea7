using BTTInferGrid.Compute;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>How a miner's part in a job ended badly.</summary>
/// <param name="Outcome">What kind of end.</param>
/// <param name="Reason">What happened, for a person.</param>
/// <param name="Field">The request's field that is wrong, if the miner said that the request is.</param>
internal readonly record struct MinerFault(AttemptOutcome Outcome, string Reason, string? Field = null)
{
    /// <summary>
    /// What an exception of a call to a miner means. A miner can be anyone and can answer with any error, so whatever a
    /// call to it throws is about the miner.
    /// </summary>
    public static MinerFault From(Exception failure) => failure switch
    {
        MinerBusyException => new(AttemptOutcome.Busy, "its queue is full."),
        SiloUnavailableException or EnumerationAbortedException => new(AttemptOutcome.Lost, "its connection ended."),
        TimeoutException => new(AttemptOutcome.Stalled, "it did not answer in time."),
        MinerFailedException failed => new(AttemptOutcome.Failed, Clip(failed.Message)),
        RequestRefusedException refused => new(
            AttemptOutcome.Refused, $"it refused the request: {Clip(refused.Message)}", Clip(refused.Field)),
        _ => new(AttemptOutcome.Failed, $"it answered with an error of type {failure.GetType().Name}."),
    };

    // A stranger's words: short, and on one line of a log.
    private static string Clip(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}
