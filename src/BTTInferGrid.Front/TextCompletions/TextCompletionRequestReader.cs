using System.Text.Json;
using BTTInferGrid.Front.Completions;
using BTTInferGrid.Front.Errors;
using BTTInferGrid.Front.Inputs;
using BTTInferGrid.Front.Json;

namespace BTTInferGrid.Front.TextCompletions;

/// <summary>Reads and checks the body of <c>POST /v1/completions</c>.</summary>
internal static class TextCompletionRequestReader
{
    private const int MaxPrompts = 32;
    private const int MaxTopLogProbs = 5;

    // OpenAI's.
    private const int DefaultMaxTokens = 16;

    /// <exception cref="ApiException">A field is missing, wrong, or not supported.</exception>
    public static TextCompletionRequest Read(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        var options = CompletionOptionsReader.Read(fields) with
        {
            DefaultMaxTokens = DefaultMaxTokens,
            TopLogProbs = (int?)fields.Integer("logprobs", 0, MaxTopLogProbs),
        };
        RefuseUnsupported(fields, options.Choices);
        var prompts = TextInputReader.Read(fields, "prompt", MaxPrompts);
        var answers = prompts.Count * options.Choices;
        return answers <= MaxPrompts
            ? new TextCompletionRequest(prompts, options)
            : throw ApiException.InvalidRequest(
                "n", $"{prompts.Count} prompts with 'n' {options.Choices} are {answers} answers; at most {MaxPrompts} are allowed.", "invalid_value");
    }

    /// <summary>Asking for one of these and not getting it would be a wrong answer.</summary>
    private static void RefuseUnsupported(JsonFields fields, int choices)
    {
        if (fields.Flag("echo") == true)
        {
            throw ApiException.Unsupported("echo");
        }

        if (!string.IsNullOrEmpty(fields.Text("suffix")))
        {
            throw ApiException.Unsupported("suffix");
        }

        // As many as are wanted are the best of themselves.
        if (fields.Integer("best_of", 1, int.MaxValue) is { } best && best != choices)
        {
            throw ApiException.Unsupported("best_of");
        }
    }
}
