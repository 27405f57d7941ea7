using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace BTTInferGrid.Inference;

/// <summary>
/// Log-probabilities as the log-softmax of logits. Owns its working memory: allocates its result alone, one caller at a
/// time.
/// </summary>
internal sealed class LogProbabilityReader(int vocabularySize)
{
    private readonly float[] _weights = new float[vocabularySize];

    /// <summary>
    /// What to subtract from a logit to get its log-probability: the logarithm of the sum of their exponentials.
    /// </summary>
    /// <param name="logits">One logit per token: finite or negative infinite, at least one of them finite.</param>
    public float Normalizer(ReadOnlySpan<float> logits)
    {
        var peak = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, peak, _weights);
        TensorPrimitives.Exp(_weights, _weights);
        return peak + MathF.Log(TensorPrimitives.Sum<float>(_weights));
    }

    /// <summary>The chosen token's log-probability and those of the likeliest tokens.</summary>
    /// <inheritdoc cref="Normalizer" path="/param"/>
    public TokenLogProbabilities Read(ReadOnlySpan<float> logits, int chosen, int top)
    {
        var normalizer = Normalizer(logits);
        Span<int> tokens = stackalloc int[Math.Min(top, logits.Length)];
        TopTokens.Find(logits, tokens);
        var list = new TokenLogProbability[tokens.Length];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = new TokenLogProbability(tokens[i], logits[tokens[i]] - normalizer);
        }

        return new TokenLogProbabilities(
            new TokenLogProbability(chosen, logits[chosen] - normalizer),
            ImmutableCollectionsMarshal.AsImmutableArray(list));
    }
}
