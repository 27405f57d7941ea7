namespace BTTInferGrid.Inference;

/// <summary>One answer to generate.</summary>
public sealed record EngineRequest
{
    /// <summary>The most stop tokens.</summary>
    public const int MaxStopTokens = 64;

    /// <summary>The most likeliest tokens that are reported per token of the answer.</summary>
    public const int MaxLogProbabilities = 20;

    /// <summary>The lowest priority.</summary>
    public const int MinPriority = -10;

    /// <summary>The highest priority.</summary>
    public const int MaxPriority = 10;

    /// <summary>How many earlier arrivals a request overtakes at most for each step its priority is higher.</summary>
    public const int PriorityLead = 64;

    /// <summary>The longest tenant, in UTF-16 characters.</summary>
    public const int MaxTenantLength = 256;

    /// <summary>The prompt as tokens of the engine's vocabulary, at least one. Copied before it is checked.</summary>
    public required ReadOnlyMemory<int> Prompt { get; init; }

    /// <summary>
    /// The most tokens of the answer, at least 1. Prompt and output together must fit into the cache; beyond that a large
    /// number costs nothing until it is used.
    /// </summary>
    public required int MaxTokens { get; init; }

    /// <summary>
    /// Tokens of the answer that are made already, by this engine or another: it goes on after them as if it had made
    /// them. They count for <see cref="MaxTokens"/>, penalties, stop strings and the grammar, and are not sent again; a
    /// commitment begins after them. If the answer ends with them, the result comes at once. Copied before it is checked;
    /// default empty.
    /// </summary>
    public ReadOnlyMemory<int> Answered { get; init; }

    /// <summary>How tokens are chosen; the default is the model's own distribution with seed 0.</summary>
    public SamplingParameters Sampling { get; init; } = new();

    /// <summary>
    /// Strings that end the answer, at most <see cref="TokenText.MaxStops"/>, each of 1 to
    /// <see cref="TokenText.MaxStopLength"/> characters.
    /// </summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>
    /// Tokens that end the answer, at most <see cref="MaxStopTokens"/>; their text does not appear. The model's own end
    /// tokens end it always.
    /// </summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>
    /// Report the log-probability of each token and of this many likeliest ones: 0 to
    /// <see cref="MaxLogProbabilities"/>; null (the default) reports none.
    /// </summary>
    public int? LogProbabilities { get; init; }

    /// <summary>
    /// Higher goes first where requests wait: <see cref="MinPriority"/> to <see cref="MaxPriority"/>, default 0. Each
    /// step is a lead of <see cref="PriorityLead"/> places in the order of arrival, so nobody waits for ever.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>
    /// Whose request it is, at most <see cref="MaxTenantLength"/> characters; default empty. What one tenant's prompts
    /// left in the cache never speeds up another's, so nobody can learn by timing what others asked.
    /// </summary>
    public string Tenant { get; init; } = "";

    /// <summary>
    /// A grammar that the output must match, in llama.cpp's notation, GBNF: rules that start at <c>root</c>, at most
    /// 65,536 characters; null (the default) for none. Tokens by name or number are not supported. The answer ends where
    /// the grammar ends; <see cref="MaxTokens"/> can end it before.
    /// </summary>
    public string? Grammar { get; init; }

    /// <summary>
    /// Whether the tokens come with their text; true by default. Without it, tokens are decoded only as far as
    /// <see cref="Stop"/> needs it.
    /// </summary>
    public bool WithText { get; init; } = true;

    /// <summary>
    /// Record the answer for later checks, under this scope: <see cref="EngineResult.Commitment"/> carries the root and
    /// the leaves, 54 bytes a token with their hashes. Null (the default) records nothing.
    /// </summary>
    public CommitmentScope? Commitment { get; init; }
}
