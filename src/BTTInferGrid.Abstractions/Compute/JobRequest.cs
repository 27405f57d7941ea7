namespace BTTInferGrid.Compute;

/// <summary>What a developer asks for, after the front has turned the prompt into token ids.</summary>
/// <param name="Model">Model id.</param>
/// <param name="Prompt">Token ids of the prompt, made once at the front; nobody tokenises it again.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="MaxTokens">Most tokens to generate; at least 1.</param>
/// <param name="Stop">Strings that end the answer; not part of it.</param>
/// <param name="ClientSeed">Seed named by the client; the same request then repeats on the same miner.</param>
[GenerateSerializer, Immutable, Alias("grid.job-request")]
public sealed record JobRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] ImmutableArray<int> Prompt,
    [property: Id(2)] SamplingOptions Sampling,
    [property: Id(3)] int MaxTokens,
    [property: Id(4)] ImmutableArray<string> Stop,
    [property: Id(5)] long? ClientSeed);
