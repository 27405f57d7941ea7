using System.Numerics.Tensors;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;
using BTTInferGrid.Link;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>Validates requests before a miner gets them, and a miner's vectors before a client does.</summary>
internal static class JobValidator
{
    private const float LengthTolerance = 1e-2f;

    /// <returns>The model that is asked.</returns>
    /// <exception cref="RequestRefusedException">The request is impossible.</exception>
    public static ServedModel Validate(JobRequest request, ModelCatalogue catalogue)
    {
        if (catalogue.Find(request.Model) is not { } model || model.Vocabulary.Size != request.VocabularySize)
        {
            throw new RequestRefusedException("model", $"this silo does not serve '{request.Model}' with {request.VocabularySize} tokens.");
        }

        if (request.Prompt.IsDefaultOrEmpty)
        {
            throw new RequestRefusedException("prompt", "it is empty; send at least one token.");
        }

        var most = int.MaxValue - request.Prompt.Length;
        if (request.MaxTokens < 1 || request.MaxTokens > most)
        {
            throw new RequestRefusedException("max_tokens", $"it is {request.MaxTokens}; it must be between 1 and {most}.");
        }

        RequireTokens("prompt", request.Prompt.AsSpan(), request.VocabularySize);
        var answered = request.Answered.IsDefault ? [] : request.Answered.AsSpan();
        RequireTokens("answered", answered, request.VocabularySize);
        if (answered.Length > request.MaxTokens || (answered.Length > 0 && request.Seed is null))
        {
            throw new RequestRefusedException("answered", "it has more tokens than the answer may have, or the seed is missing.");
        }

        try
        {
            request.Sampling.ToParameters(seed: 0).Validate();
            _ = new TokenText(model.Vocabulary, request.Stop.IsDefault ? [] : request.Stop);
        }
        catch (InvalidParameterException refused)
        {
            throw new RequestRefusedException(JsonNamingPolicy.SnakeCaseLower.ConvertName(refused.Field), refused.Message);
        }

        return model;
    }

    private static void RequireTokens(string field, ReadOnlySpan<int> tokens, int vocabularySize)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if ((uint)tokens[i] >= (uint)vocabularySize)
            {
                throw new RequestRefusedException($"{field}[{i}]", $"there is no token {tokens[i]}; the model has {vocabularySize}.");
            }
        }
    }

    /// <returns>Tokens of all inputs.</returns>
    /// <exception cref="RequestRefusedException">The request is impossible.</exception>
    public static int Validate(EmbedJobRequest request)
    {
        var tokens = 0L;
        foreach (var input in request.Inputs.IsDefault ? [] : request.Inputs)
        {
            if (input.IsDefaultOrEmpty)
            {
                throw new RequestRefusedException("input", "one of the texts is empty; send at least one token for each.");
            }

            tokens += input.Length;
        }

        return tokens is > 0 and <= int.MaxValue
            ? (int)tokens
            : throw new RequestRefusedException("input", "it is empty; send at least one text.");
    }

    /// <exception cref="MinerFailedException">The vectors are not what was asked for.</exception>
    public static void ValidateVectors(string minerId, EmbedResult? result, int inputs)
    {
        if (result is null || result.Vectors.IsDefault || result.Vectors.Length != inputs)
        {
            throw new MinerFailedException(minerId, $"it sent another number of vectors than {inputs}.");
        }

        var dimensions = result.Vectors[0].IsDefault ? 0 : result.Vectors[0].Length;
        foreach (var vector in result.Vectors)
        {
            if (vector.IsDefault || vector.Length != dimensions || dimensions is < 1 or > LinkProtocol.MaxVectorLength)
            {
                throw new MinerFailedException(minerId, "its vectors have no length, or several.");
            }

            var length = TensorPrimitives.Norm(vector.AsSpan());

            // Also false for what is not a number.
            if (!(Math.Abs(length - 1) < LengthTolerance))
            {
                throw new MinerFailedException(minerId, $"it sent a vector of length {length}, not 1.");
            }
        }
    }
}
