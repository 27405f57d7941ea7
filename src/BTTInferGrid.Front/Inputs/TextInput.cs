using BTTInferGrid.Front.Errors;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Inputs;

/// <summary>A text that a client sent as it is, or as token ids.</summary>
/// <param name="Path">Where it stands in the request.</param>
/// <param name="Text">The text; null if it came as tokens.</param>
/// <param name="Tokens">Token ids, at least 0; null if it came as text.</param>
internal readonly record struct TextInput(string Path, string? Text, int[]? Tokens)
{
    /// <summary>The token ids.</summary>
    /// <param name="vocabulary">The model's.</param>
    /// <param name="encode">How a text becomes tokens.</param>
    /// <exception cref="ApiException">There is no such token, or there are none at all.</exception>
    public int[] Encode(Vocabulary vocabulary, Func<string, int[]> encode)
    {
        var tokens = Tokens ?? encode(Text!);
        if (tokens.Length == 0)
        {
            throw ApiException.InvalidRequest(Path, $"'{Path}' is empty; send at least one token.", "invalid_value");
        }

        foreach (var token in Tokens ?? [])
        {
            if (token >= vocabulary.Size)
            {
                throw ApiException.InvalidRequest(
                    Path, $"There is no token {token} ('{Path}'); the model has {vocabulary.Size}.", "invalid_value");
            }
        }

        return tokens;
    }
}
