namespace BTTInferGrid.Inference;

/// <summary>How a token compares with the one that the sampler chooses.</summary>
/// <param name="Winner">The token the sampler chooses.</param>
/// <param name="Margin">
/// By how much logits must be off for the judged token to be chosen instead: how far below the winner it is, noise
/// included, or below the cut that rules it out, whichever is more. 0 for the winner; infinite for a forbidden token.
/// </param>
/// <param name="Lead">
/// How far the winner is above the next token, noise included, in logits; infinite when no other is allowed.
/// </param>
internal readonly record struct TokenStanding(int Winner, float Margin, float Lead);
