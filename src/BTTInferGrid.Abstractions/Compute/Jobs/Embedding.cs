namespace BTTInferGrid.Compute;

/// <summary>Texts that a developer wants as vectors, after the front has turned them into token ids.</summary>
/// <param name="Model">Model id.</param>
/// <param name="Profile">Profile of the model that the inputs were made for.</param>
/// <param name="Inputs">Token ids of each text; at least one text, and no text is empty.</param>
/// <param name="Tenant">Whose request it is.</param>
/// <param name="TraceParent">The span that the job is part of, as W3C traceparent; null for none. For telemetry only.</param>
[GenerateSerializer, Immutable, Alias("grid.embed-job-request")]
public sealed record EmbedJobRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] string Profile,
    [property: Id(2)] ImmutableArray<ImmutableArray<int>> Inputs,
    [property: Id(3)] string Tenant = "",
    [property: Id(4)] string? TraceParent = null);

/// <summary>Texts that a job wants as vectors.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Profile">Model profile that the miner must run.</param>
/// <param name="Inputs">Token ids of each text.</param>
[GenerateSerializer, Immutable, Alias("grid.embed-request")]
public sealed record EmbedRequest(
    [property: Id(0)] string JobId,
    [property: Id(1)] string Profile,
    [property: Id(2)] ImmutableArray<ImmutableArray<int>> Inputs);

/// <summary>Texts as vectors.</summary>
/// <param name="Vectors">One vector of length 1 for each input, in order, all of the same dimension.</param>
[GenerateSerializer, Immutable, Alias("grid.embed-result")]
public sealed record EmbedResult([property: Id(0)] ImmutableArray<ImmutableArray<float>> Vectors);
