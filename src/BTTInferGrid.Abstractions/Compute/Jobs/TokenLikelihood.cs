namespace BTTInferGrid.Compute;

/// <summary>What the model thought of one token of an answer, before penalties, biases, temperature and cuts.</summary>
/// <param name="LogProbability">Natural logarithm of the chosen token's probability, at most 0.</param>
/// <param name="Top">The likeliest tokens, likeliest first: as many as the job asked for.</param>
[GenerateSerializer, Immutable, Alias("grid.token-likelihood")]
public sealed record TokenLikelihood(
    [property: Id(0)] float LogProbability,
    [property: Id(1)] ImmutableArray<LikelyToken> Top);
