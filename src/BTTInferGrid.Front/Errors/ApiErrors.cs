using System.Text.RegularExpressions;
using BTTInferGrid.Accounts;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Errors;

/// <summary>Turns what the grid throws into what an HTTP client is told.</summary>
internal static partial class ApiErrors
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>The client's view of a failure; a failure that nobody planned for is told only by its request id.</summary>
    public static ApiException From(Exception failure, string requestId) => failure switch
    {
        ApiException known => known,
        RequestRefusedException refused => ApiException.InvalidRequest(FieldOf(refused), refused.Message, "invalid_value"),
        KeyRefusedException refused => ApiException.InvalidKey(refused.Message),
        ApiKeyNotFoundException => ApiException.KeyNotFound(failure.Message),
        RateLimitedException limited => ApiException.RateLimited(
            limited.Kind == LimitKind.TokensPerMinute ? "tokens" : "requests", limited.Message, limited.RetryAfter),
        NoMinerException => ApiException.NoMiner(failure.Message, RetryAfter),
        ModelBusyException busy => ApiException.ModelBusy(busy.Message, busy.RetryAfter),
        MinerLostException or OrleansException or TimeoutException or EnumerationAbortedException or OperationCanceledException =>
            // Orleans also cancels calls that wait for a silo that is lost.
            ApiException.GridUnavailable(RetryAfter),
        MinerFailedException => ApiException.MinerFailed(failure.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } tooLarge =>
            ApiException.TooLarge(tooLarge.Message),
        BadHttpRequestException bad => ApiException.BadHttp(bad.StatusCode, bad.Message),
        ChatTemplateException template => ApiException.InvalidRequest("messages", template.Message, "invalid_value"),
        _ => ApiException.Internal(requestId),
    };

    /// <summary>The API's name of a field. What is no name of a field is a miner's own word.</summary>
    private static string? FieldOf(RequestRefusedException refused) => refused.Field switch
    {
        "grammar" => "response_format",
        "top_log_probs" => "logprobs",
        "inputs" => "input",
        { Length: <= 40 } field when FieldName().IsMatch(field) => field,
        _ => null,
    };

    [GeneratedRegex(@"^[a-z_]+(\[[0-9]+\])?\z")]
    private static partial Regex FieldName();
}
