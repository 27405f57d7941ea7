namespace BTTInferGrid.Compute;

/// <summary>Texts as vectors.</summary>
/// <param name="Vectors">One vector of length 1 for each input, in order, all of the same dimension.</param>
[GenerateSerializer, Immutable, Alias("grid.embed-result")]
public sealed record EmbedResult([property: Id(0)] ImmutableArray<ImmutableArray<float>> Vectors);
