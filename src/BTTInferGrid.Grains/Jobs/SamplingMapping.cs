using BTTInferGrid.Compute;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Grains.Jobs;

/// <summary>The grid's sampling options as an engine takes them.</summary>
internal static class SamplingMapping
{
    public static SamplingParameters ToParameters(this SamplingOptions options, ulong seed) => new()
    {
        Temperature = options.Temperature,
        TopP = options.TopP,
        TopK = options.TopK,
        MinP = options.MinP,
        FrequencyPenalty = options.FrequencyPenalty,
        PresencePenalty = options.PresencePenalty,
        LogitBias = ToDictionary(options.LogitBias.AsSpan()),
        Seed = seed,
    };

    private static Dictionary<int, float> ToDictionary(ReadOnlySpan<TokenBias> biases)
    {
        var read = new Dictionary<int, float>(biases.Length);
        foreach (var bias in biases)
        {
            read[bias.Token] = bias.Bias;
        }

        return read;
    }
}
