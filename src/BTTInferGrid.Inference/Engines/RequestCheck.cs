namespace BTTInferGrid.Inference;

/// <summary>Everything a request must satisfy before native code may see any of it.</summary>
internal static class RequestCheck
{
    /// <summary>
    /// Checks a copy of the request, which the caller cannot change after, and returns it.
    /// </summary>
    /// <exception cref="InvalidParameterException">A field is outside its range.</exception>
    /// <exception cref="RequestTooLargeException">It could not run even on an idle engine.</exception>
    public static EngineRequest Checked(EngineRequest request, TokenTable tokens, int maxRequestTokens)
    {
        request = Copy(request);
        request.Sampling.Validate();
        TokenText.CheckStops(request.Stop);
        Range(nameof(EngineRequest.Priority), request.Priority, EngineRequest.MinPriority, EngineRequest.MaxPriority);
        Range(nameof(EngineRequest.Tenant), request.Tenant.Length, 0, EngineRequest.MaxTenantLength, " characters");
        if (request.LogProbabilities is { } top)
        {
            Range(nameof(EngineRequest.LogProbabilities), top, 0, EngineRequest.MaxLogProbabilities);
        }

        Tokens(request, tokens);
        Size(request, maxRequestTokens);
        return request;
    }

    private static EngineRequest Copy(EngineRequest request)
    {
        var sampling = Required(request.Sampling, nameof(EngineRequest.Sampling));
        var bias = Required(sampling.LogitBias, nameof(SamplingParameters.LogitBias));
        return request with
        {
            Prompt = request.Prompt.ToArray(),
            Answered = request.Answered.ToArray(),
            Stop = [.. Required(request.Stop, nameof(EngineRequest.Stop))],
            StopTokens = [.. Required(request.StopTokens, nameof(EngineRequest.StopTokens))],
            Tenant = Required(request.Tenant, nameof(EngineRequest.Tenant)),
            Sampling = bias.Count == 0 ? sampling : sampling with { LogitBias = new Dictionary<int, float>(bias) },
        };
    }

    private static void Tokens(EngineRequest request, TokenTable tokens)
    {
        if (request.Prompt.IsEmpty)
        {
            throw new InvalidParameterException(nameof(EngineRequest.Prompt), "empty", "at least one token");
        }

        Range(nameof(EngineRequest.StopTokens), request.StopTokens.Count, 0, EngineRequest.MaxStopTokens, " tokens");
        for (var i = 0; i < request.StopTokens.Count; i++)
        {
            Exists($"{nameof(EngineRequest.StopTokens)}[{i}]", request.StopTokens[i], tokens);
        }

        foreach (var token in request.Sampling.LogitBias.Keys)
        {
            Exists(nameof(SamplingParameters.LogitBias), token, tokens);
        }

        AllExist(nameof(EngineRequest.Prompt), request.Prompt.Span, tokens);
        AllExist(nameof(EngineRequest.Answered), request.Answered.Span, tokens);
    }

    private static void AllExist(string field, ReadOnlySpan<int> ids, TokenTable tokens)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if (!tokens.Contains(ids[i]))
            {
                // The field's name is made for the error alone: prompts are long.
                Exists($"{field}[{i}]", ids[i], tokens);
            }
        }
    }

    private static void Size(EngineRequest request, int maxRequestTokens)
    {
        if (request.MaxTokens < 1)
        {
            throw new InvalidParameterException(nameof(EngineRequest.MaxTokens), request.MaxTokens, "at least 1");
        }

        if (request.Prompt.Length > maxRequestTokens - request.MaxTokens)
        {
            throw new RequestTooLargeException(request.Prompt.Length, request.MaxTokens, maxRequestTokens);
        }
    }

    private static void Exists(string field, int token, TokenTable tokens) => Range(field, token, 0, tokens.Size - 1);

    private static void Range(string field, int value, int least, int most, string unit = "")
    {
        if (value < least || value > most)
        {
            throw new InvalidParameterException(
                field, unit.Length == 0 ? value : value + unit, $"from {least} to {most}");
        }
    }

    private static T Required<T>(T? value, string field)
        where T : class =>
        value ?? throw new InvalidParameterException(field, null, "given");
}
