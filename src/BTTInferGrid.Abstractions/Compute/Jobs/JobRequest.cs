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
/// <param name="TopLogProbs">
/// Report the log-probability of each token and of this many likeliest ones, 0 to 20; null reports none.
/// </param>
/// <param name="Grammar">A grammar in GBNF that the answer must match; null for none.</param>
/// <param name="Operation">What the client asked for, in the words of OpenTelemetry's conventions; for telemetry only.</param>
/// <param name="TraceParent">The span that the job is part of, as W3C traceparent; null for none. For telemetry only.</param>
/// <param name="Answered">Tokens of the answer that another job has made, which was lost with its silo; empty or default for none.</param>
/// <param name="Seed">Seed of that job; null to derive one.</param>
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
    [property: Id(9)] int? TopLogProbs = null,
    [property: Id(10)] string? Grammar = null,
    [property: Id(11)] string Operation = "chat",
    [property: Id(12)] string? TraceParent = null,
    [property: Id(13)] ImmutableArray<int> Answered = default,
    [property: Id(14)] ulong? Seed = null);

/// <summary>How the next token is chosen from the model's logits.</summary>
/// <param name="Temperature">0 to 2; 0 always takes the likeliest token.</param>
/// <param name="TopP">Above 0, at most 1: keep the likeliest tokens that together reach this probability.</param>
/// <param name="TopK">Keep this many of the likeliest tokens; 0 keeps all.</param>
/// <param name="MinP">0 to 1: keep tokens at least this fraction as likely as the likeliest.</param>
/// <param name="FrequencyPenalty">-2 to 2: taken from a token's logit for each time the answer has it already.</param>
/// <param name="PresencePenalty">-2 to 2: taken once from the logit of each token that the answer has already.</param>
/// <param name="LogitBias">Changes to single tokens' logits, in ascending order of token id; null or empty for none.</param>
[GenerateSerializer, Immutable, Alias("grid.sampling-options")]
public sealed record SamplingOptions(
    [property: Id(0)] float Temperature = 1f,
    [property: Id(1)] float TopP = 1f,
    [property: Id(2)] int TopK = 0,
    [property: Id(3)] float MinP = 0f,
    [property: Id(4)] float FrequencyPenalty = 0f,
    [property: Id(5)] float PresencePenalty = 0f,
    [property: Id(6)] ImmutableArray<TokenBias> LogitBias = default);

/// <summary>A change to one token's logit.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Bias">-100 to 100; at -100 the token is as good as forbidden.</param>
[GenerateSerializer, Immutable, Alias("grid.token-bias")]
public readonly record struct TokenBias([property: Id(0)] int Token, [property: Id(1)] float Bias);
