namespace BTTInferGrid.Compute;

/// <summary>What a generation took: token counts, and times measured by the engine.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens generated, a final end-of-generation token included.</param>
/// <param name="QueueTime">Time until the engine took the request up.</param>
/// <param name="PrefillTime">Time from there to the first token.</param>
/// <param name="DecodeTime">Time from the first token to the last.</param>
/// <param name="CachedPromptTokens">Tokens of the prompt that the engine had computed for an earlier request.</param>
[GenerateSerializer, Immutable, Alias("grid.generation-usage")]
public sealed record GenerationUsage(
    [property: Id(0)] int PromptTokens,
    [property: Id(1)] int OutputTokens,
    [property: Id(2)] TimeSpan QueueTime,
    [property: Id(3)] TimeSpan PrefillTime,
    [property: Id(4)] TimeSpan DecodeTime,
    [property: Id(5)] int CachedPromptTokens = 0);
