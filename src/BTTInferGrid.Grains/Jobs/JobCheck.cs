using System.Numerics.Tensors;
using System.Text.Json;
using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>What holds of a job before a miner hears of it, and of vectors before a developer does.</summary>
internal static class JobCheck
{
    private const int MaxDimensions = 1 << 16;
    private const float LengthTolerance = 1e-2f;

    /// <exception cref="RequestRefusedException">The request is impossible.</exception>
    public static void Check(JobRequest request)
    {
        if (request.Prompt.IsDefaultOrEmpty)
        {
            throw new RequestRefusedException("prompt", "it is empty; send at least one token.");
        }

        var most = int.MaxValue - request.Prompt.Length;
        if (request.MaxTokens < 1 || request.MaxTokens > most)
        {
            throw new RequestRefusedException("max_tokens", $"it is {request.MaxTokens}; it must be between 1 and {most}.");
        }

        for (var i = 0; i < request.Prompt.Length; i++)
        {
            if ((uint)request.Prompt[i] >= (uint)request.VocabularySize)
            {
                throw new RequestRefusedException(
                    $"prompt[{i}]", $"there is no token {request.Prompt[i]}; the model has {request.VocabularySize}.");
            }
        }

        try
        {
            request.Sampling.ToParameters(seed: 0).Validate();
        }
        catch (InvalidParameterException refused)
        {
            throw new RequestRefusedException(JsonNamingPolicy.SnakeCaseLower.ConvertName(refused.Field), refused.Message);
        }
    }

    /// <returns>Tokens of all inputs.</returns>
    /// <exception cref="RequestRefusedException">The request is impossible.</exception>
    public static int Check(EmbedJobRequest request)
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
    public static void CheckVectors(string minerId, EmbedResult? result, int inputs)
    {
        if (result is null || result.Vectors.IsDefault || result.Vectors.Length != inputs)
        {
            throw new MinerFailedException(minerId, $"it sent another number of vectors than {inputs}.");
        }

        var dimensions = result.Vectors[0].IsDefault ? 0 : result.Vectors[0].Length;
        foreach (var vector in result.Vectors)
        {
            if (vector.IsDefault || vector.Length != dimensions || dimensions is < 1 or > MaxDimensions)
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
