namespace BTTInferGrid.Compute;

/// <summary>What a developer asks for, after the front has turned the prompt into token ids.</summary>
/// <param name="Model">Model id.</param>
/// <param name="Profile">
/// Profile of the model that the prompt was made for; only a miner that runs exactly this may answer.
/// </param>
/// <param name="VocabularySize">Token ids of that model run from 0 to this number less one.</param>
/// <param name="Prompt">Token ids of the prompt, made once at the front; nobody tokenises it again.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="MaxTokens">Most tokens to generate; at least 1.</param>
/// <param name="Stop">Strings that end the answer; not part of it.</param>
/// <param name="ClientSeed">Seed named by the client; the same request then repeats, whichever miner serves it.</param>
/// <param name="Tenant">
/// Whose request it is, in a form that tells nothing else: a miner shares computed prefixes within a tenant only, so
/// that nobody learns from timing what others ask.
/// </param>
/// <param name="TopLikelihoods">
/// Report the likelihood of each token and of this many likeliest ones, 0 to 20; null reports none.
/// </param>
/// <param name="Grammar">A grammar in GBNF that the answer must match; null for none.</param>
/// <param name="Operation">What the client asked for, in the words of OpenTelemetry's conventions; for telemetry only.</param>
/// <param name="TraceParent">The span that the job is part of, as W3C traceparent; null for none. For telemetry only.</param>
[GenerateSerializer, Immutable, Alias("grid.job-request")]
public sealed record JobRequest(
    [property: Id(0)] string Model,
    [property: Id(1)] string Profile,
    [property: Id(2)] int VocabularySize,
    [property: Id(3)] ImmutableArray<int> Prompt,
    [property: Id(4)] SamplingOptions Sampling,
    [property: Id(5)] int MaxTokens,
    [property: Id(6)] ImmutableArray<string> Stop,
    [property: Id(7)] long? ClientSeed,
    [property: Id(8)] string Tenant = "",
    [property: Id(9)] int? TopLikelihoods = null,
    [property: Id(10)] string? Grammar = null,
    [property: Id(11)] string Operation = "chat",
    [property: Id(12)] string? TraceParent = null);
