namespace BTTInferGrid.Inference;

/// <summary>What an engine was doing at one moment.</summary>
/// <param name="Running">Requests being computed.</param>
/// <param name="Waiting">Requests in the queue, and those that had to make room and wait to go on.</param>
/// <param name="RunningTokens">Cache tokens of the running requests, those they share counted once.</param>
/// <param name="RetainedTokens">Cache tokens kept of ended requests; they give way to running ones.</param>
/// <param name="CacheTokens">Cache tokens in all.</param>
public readonly record struct EngineStatus(
    int Running, int Waiting, int RunningTokens, int RetainedTokens, int CacheTokens);
