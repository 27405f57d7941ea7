namespace BTTInferGrid.Compute;

/// <summary>A change to one token's logit.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Bias">-100 to 100; at -100 the token is as good as forbidden.</param>
[GenerateSerializer, Immutable, Alias("grid.token-bias")]
public readonly record struct TokenBias([property: Id(0)] int Token, [property: Id(1)] float Bias);
