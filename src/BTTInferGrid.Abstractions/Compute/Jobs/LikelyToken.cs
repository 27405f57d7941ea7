namespace BTTInferGrid.Compute;

/// <summary>A token and how likely the model held it.</summary>
/// <param name="Token">Token id.</param>
/// <param name="LogProbability">Natural logarithm of its probability, at most 0.</param>
[GenerateSerializer, Immutable, Alias("grid.likely-token")]
public readonly record struct LikelyToken([property: Id(0)] int Token, [property: Id(1)] float LogProbability);
