using System.Collections.Immutable;

namespace BTTInferGrid.Inference;

/// <summary>A token and how likely the model holds it.</summary>
/// <param name="Token">The token.</param>
/// <param name="LogProbability">
/// Natural logarithm of its probability, at most 0, from the model's own logits: before penalties, biases, temperature
/// and cuts.
/// </param>
public readonly record struct TokenLogProbability(int Token, float LogProbability);

/// <summary>What the model thought at one position of an answer.</summary>
/// <param name="Chosen">The token that was chosen, whether it is among the likeliest or not.</param>
/// <param name="Top">
/// The likeliest tokens, as many as the request asked for, likeliest first, of equal ones the lower token first.
/// </param>
public sealed record TokenLogProbabilities(TokenLogProbability Chosen, ImmutableArray<TokenLogProbability> Top);
