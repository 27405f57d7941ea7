namespace BTTInferGrid.Grains.Telemetry;

/// <summary>
/// Names of what spans and measurements carry. Those with <c>gen_ai</c> are OpenTelemetry's semantic conventions for
/// generative AI; <c>bttgrid</c> is what these have no name for.
/// </summary>
internal static class Tags
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string Model = "gen_ai.request.model";
    public const string TokenType = "gen_ai.token.type";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string ErrorType = "error.type";
    public const string JobId = "bttgrid.job.id";
    public const string MinerId = "bttgrid.miner.id";
    public const string MinerState = "bttgrid.miner.state";
    public const string Outcome = "bttgrid.attempt.outcome";
    public const string Placement = "bttgrid.placement";
    public const string CachedTokens = "bttgrid.usage.cached_tokens";

    /// <summary>The value of <see cref="Provider"/>.</summary>
    public const string ProviderName = "bttgrid";

    /// <summary>The way an enumeration's value is written.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
