namespace BTTInferGrid.Inference;

/// <summary>Everything a request must satisfy before native code may see any of it.</summary>
internal static class RequestCheck
{
    /// <summary>
    /// Checks the request and returns its prompt, copied first so that the caller cannot change it after.
    /// </summary>
    /// <exception cref="InvalidParameterException">A field is outside its range.</exception>
    /// <exception cref="RequestTooLargeException">It could not run even on an idle engine.</exception>
    public static int[] Prompt(EngineRequest request, TokenTable tokens, int maxRequestTokens)
    {
        Required(request.Sampling, nameof(EngineRequest.Sampling)).Validate();
        TokenText.CheckStops(Required(request.Stop, nameof(EngineRequest.Stop)));
        if (request.MaxTokens < 1)
        {
            throw new InvalidParameterException(nameof(EngineRequest.MaxTokens), request.MaxTokens, "at least 1");
        }

        if (request.Prompt.IsEmpty)
        {
            throw new InvalidParameterException(nameof(EngineRequest.Prompt), "empty", "at least one token");
        }

        if (request.Prompt.Length > maxRequestTokens - request.MaxTokens)
        {
            throw new RequestTooLargeException(request.Prompt.Length, request.MaxTokens, maxRequestTokens);
        }

        var prompt = request.Prompt.ToArray();
        for (var i = 0; i < prompt.Length; i++)
        {
            if (!tokens.Contains(prompt[i]))
            {
                throw new InvalidParameterException(
                    $"{nameof(EngineRequest.Prompt)}[{i}]", prompt[i], $"from 0 to {tokens.Size - 1}");
            }
        }

        return prompt;
    }

    private static T Required<T>(T? value, string field)
        where T : class =>
        value ?? throw new InvalidParameterException(field, null, "given");
}
