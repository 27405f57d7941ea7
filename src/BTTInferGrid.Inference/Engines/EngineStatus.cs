namespace BTTInferGrid.Inference;

/// <summary>What an engine was doing at one moment.</summary>
/// <param name="Running">Requests being computed.</param>
/// <param name="Waiting">Requests in the queue.</param>
/// <param name="ReservedTokens">Cache tokens kept for the running requests.</param>
/// <param name="ContextTokens">Cache tokens in all.</param>
public readonly record struct EngineStatus(int Running, int Waiting, int ReservedTokens, int ContextTokens);
