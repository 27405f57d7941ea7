namespace BTTInferGrid.Front.Errors;

/// <summary>A refusal or failure as OpenAI's clients know it: an HTTP status and the four fields of the error object.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="type">OpenAI's error type.</param>
/// <param name="code">Code that a program can branch on, or null.</param>
/// <param name="field">Name of the request's field that is wrong, or null.</param>
/// <param name="message">What is wrong and what to do, for a person.</param>
internal sealed class ApiException(int status, string type, string? code, string? field, string message)
    : Exception(message)
{
    private const string InvalidRequestType = "invalid_request_error";
    private const string ServerErrorType = "server_error";

    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Code { get; } = code;

    public string? Field { get; } = field;

    /// <summary>When trying again may help, how long to wait first.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public static ApiException InvalidRequest(string? field, string message, string? code = null) =>
        new(StatusCodes.Status400BadRequest, InvalidRequestType, code, field, message);

    public static ApiException Unsupported(string field) =>
        InvalidRequest(field, $"'{field}' is not supported by this grid; leave it out.", "unsupported_parameter");

    public static ApiException InvalidKey(string message) =>
        new(StatusCodes.Status401Unauthorized, InvalidRequestType, "invalid_api_key", null, message);

    /// <summary>A good key that is not for this route.</summary>
    public static ApiException MissingScope(string keyId, string scope) =>
        new(
            StatusCodes.Status403Forbidden,
            InvalidRequestType,
            "insufficient_permissions",
            null,
            $"API key {keyId} lacks the scope '{scope}' that this route requires. Use a key that has it.");

    public static ApiException KeyNotFound(string message) =>
        new(StatusCodes.Status404NotFound, InvalidRequestType, "key_not_found", "id", message);

    /// <param name="unit">What there is too much of, "requests" or "tokens"; OpenAI's clients find it in the type.</param>
    /// <param name="message">Which limit, for a person.</param>
    /// <param name="retryAfter">When the request may be sent again.</param>
    public static ApiException RateLimited(string unit, string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, unit, "rate_limit_exceeded", null, message)
        {
            RetryAfter = retryAfter,
        };

    public static ApiException ModelNotFound(string model) =>
        new(
            StatusCodes.Status404NotFound,
            InvalidRequestType,
            "model_not_found",
            "model",
            $"The model '{Clip(model)}' does not exist here. GET /v1/models lists the models of this grid.");

    public static ApiException MinerNotFound(string id) =>
        new(
            StatusCodes.Status404NotFound,
            InvalidRequestType,
            "miner_not_found",
            "id",
            $"No miner '{Clip(id)}' has ever joined this grid.");

    public static ApiException JobNotFound(string id) =>
        new(
            StatusCodes.Status404NotFound,
            InvalidRequestType,
            "job_not_found",
            "id",
            $"There is no job '{Clip(id)}'. Jobs are kept for some minutes after their last token.");

    public static ApiException ContextExceeded(string field, int context, int prompt, long output) =>
        InvalidRequest(
            field,
            $"This model's context is {context} tokens; the request needs {prompt + output} tokens"
            + $" ({prompt} in the {field}, {output} in the completion). Shorten the {field} or lower max_tokens.",
            "context_length_exceeded");

    /// <summary>An input of which nothing is generated, so that only its own length counts.</summary>
    public static ApiException ContextExceeded(string field, int context, int input) =>
        InvalidRequest(
            field,
            $"This model's context is {context} tokens; '{field}' has {input}. Shorten it.",
            "context_length_exceeded");

    public static ApiException TooLarge(string message) =>
        new(StatusCodes.Status413PayloadTooLarge, InvalidRequestType, "request_too_large", null, message);

    /// <summary>A request that is broken below JSON: its framing, or a body that does not come.</summary>
    public static ApiException BadHttp(int status, string message) =>
        new(status, InvalidRequestType, status == StatusCodes.Status408RequestTimeout ? "request_timeout" : "bad_request", null, message);

    public static ApiException NotFound(string method, string path) =>
        new(
            StatusCodes.Status404NotFound,
            InvalidRequestType,
            "unknown_url",
            null,
            $"Unknown request URL: {method} {path}. The API is under /v1.");

    public static ApiException MethodNotAllowed(string method, string path) =>
        new(
            StatusCodes.Status405MethodNotAllowed,
            InvalidRequestType,
            "method_not_allowed",
            null,
            $"{path} does not answer {method}.");

    public static ApiException NoMiner(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ServerErrorType, "no_miner", null, message)
        {
            RetryAfter = retryAfter,
        };

    public static ApiException ModelBusy(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ServerErrorType, "model_busy", null, message)
        {
            RetryAfter = retryAfter,
        };

    public static ApiException GridUnavailable(TimeSpan retryAfter) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            ServerErrorType,
            "grid_unavailable",
            null,
            "The part of the grid that serves this request does not answer. Try again.")
        {
            RetryAfter = retryAfter,
        };

    public static ApiException FrontStops() => new(
        StatusCodes.Status503ServiceUnavailable, ServerErrorType, "grid_unavailable", null,
        "This front of the grid stops. Send the request again, to another front or in a moment.");

    public static ApiException Overloaded(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, ServerErrorType, "overloaded", null, message)
        {
            RetryAfter = retryAfter,
        };

    public static ApiException KeysUnavailable(TimeSpan retryAfter) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            ServerErrorType,
            "keys_unavailable",
            null,
            "API keys cannot be read or stored now. Try again.")
        {
            RetryAfter = retryAfter,
        };

    public static ApiException MinerFailed(string message) =>
        new(StatusCodes.Status502BadGateway, ServerErrorType, "miner_failed", null, message);

    /// <summary>What a client sent, short enough to be said back.</summary>
    public static string Clip(string text) => text.Length <= 100 ? text : text[..100] + "…";

    public static ApiException Internal(string requestId) =>
        new(
            StatusCodes.Status500InternalServerError,
            ServerErrorType,
            "internal_error",
            null,
            $"The grid failed on this request. Tell its operator the request id {requestId}.");
}
