namespace BTTInferGrid.Compute;

/// <summary>Texts that a job wants as vectors.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Profile">Model profile that the miner must run.</param>
/// <param name="Inputs">Token ids of each text.</param>
[GenerateSerializer, Immutable, Alias("grid.embed-request")]
public sealed record EmbedRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Profile,
    [property: Id(2)] ImmutableArray<ImmutableArray<int>> Inputs);
