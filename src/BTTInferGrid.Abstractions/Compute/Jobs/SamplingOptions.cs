namespace BTTInferGrid.Compute;

/// <summary>How the next token is chosen from the model's logits.</summary>
/// <param name="Temperature">0 to 2; 0 always takes the likeliest token.</param>
/// <param name="TopP">Above 0, at most 1: keep the likeliest tokens that together reach this probability.</param>
/// <param name="TopK">Keep this many of the likeliest tokens; 0 keeps all.</param>
/// <param name="MinP">0 to 1: keep tokens at least this fraction as likely as the likeliest.</param>
/// <param name="FrequencyPenalty">-2 to 2: taken from a token's logit for each time the answer has it already.</param>
/// <param name="PresencePenalty">-2 to 2: taken once from the logit of each token that the answer has already.</param>
/// <param name="LogitBias">Changes to single tokens' logits, in ascending order of token id; null or empty for none.</param>
[GenerateSerializer, Immutable, Alias("grid.sampling-options")]
public sealed record SamplingOptions(
    [property: Id(0)] float Temperature = 1f,
    [property: Id(1)] float TopP = 1f,
    [property: Id(2)] int TopK = 0,
    [property: Id(3)] float MinP = 0f,
    [property: Id(4)] float FrequencyPenalty = 0f,
    [property: Id(5)] float PresencePenalty = 0f,
    [property: Id(6)] ImmutableArray<TokenBias> LogitBias = default);
