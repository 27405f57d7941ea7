using System.Numerics;
using System.Numerics.Tensors;

namespace BTTInferGrid.Inference;

/// <summary>
/// Top-k, top-p and min-p as one lowest logit that may still be chosen. A cut in logits, unlike a set of tokens, tells
/// how near to the border a token was. Owns its working memory: no allocation per call, one caller at a time.
/// </summary>
internal sealed class LogitCut(int vocabularySize)
{
    private const int Block = 256;

    // Candidates and what each counts for, in parallel.
    private readonly float[] _logits = new float[vocabularySize];
    private readonly float[] _weights = new float[vocabularySize];

    /// <summary>The lowest logit kept; negative infinity keeps all.</summary>
    /// <param name="logits">One finite or negative infinite logit per token.</param>
    /// <param name="peak">The largest of them.</param>
    /// <param name="parameters">Valid parameters with a temperature above 0.</param>
    public float Find(ReadOnlySpan<float> logits, float peak, SamplingParameters parameters)
    {
        var cut = float.NegativeInfinity;
        if (parameters.TopK > 0 && parameters.TopK < logits.Length)
        {
            cut = TopK(logits, parameters.TopK);
        }

        if (parameters.TopP < 1)
        {
            cut = Math.Max(cut, TopP(logits, cut, peak, parameters));
        }

        return parameters.MinP > 0
            ? Math.Max(cut, peak + (parameters.Temperature * MathF.Log(parameters.MinP)))
            : cut;
    }

    /// <summary>The k-th largest logit.</summary>
    private float TopK(ReadOnlySpan<float> logits, int k)
    {
        // The k-th largest of the blocks' maxima is no larger than what is looked for, and leaves few candidates.
        var blocks = 0;
        for (var start = 0; start < logits.Length; start += Block)
        {
            _logits[blocks++] = TensorPrimitives.Max(logits.Slice(start, Math.Min(Block, logits.Length - start)));
        }

        Array.Fill(_weights, 1, 0, blocks);
        var least = HighestCut(blocks, k);
        var count = Gather(logits, least);
        Array.Fill(_weights, 1, 0, count);
        return HighestCut(count, k);
    }

    /// <summary>
    /// The logit of the last token that is needed to reach the probability, among those from a cut on.
    /// </summary>
    private float TopP(ReadOnlySpan<float> logits, float from, float peak, SamplingParameters parameters)
    {
        var total = Weigh(Gather(logits, from), peak, parameters.Temperature);

        // All tokens lighter than this together weigh less than what top-p leaves out, so the cut lies above.
        var lightest = (1 - parameters.TopP) * total / logits.Length;
        var least = peak + (parameters.Temperature * MathF.Log(lightest));
        var count = Gather(logits, Math.Max(from, least));
        Weigh(count, peak, parameters.Temperature);
        return HighestCut(count, parameters.TopP * total);
    }

    /// <summary>Weighs the candidates by their probability relative to the likeliest token's; the sum.</summary>
    private float Weigh(int count, float peak, float temperature)
    {
        var weights = _weights.AsSpan(0, count);
        TensorPrimitives.Subtract(_logits.AsSpan(0, count), peak, weights);
        TensorPrimitives.Divide(weights, temperature, weights);
        TensorPrimitives.Exp(weights, weights);
        return TensorPrimitives.Sum<float>(weights);
    }

    private int Gather(ReadOnlySpan<float> logits, float least)
    {
        var count = 0;
        foreach (var logit in logits)
        {
            if (logit >= least)
            {
                _logits[count++] = logit;
            }
        }

        return count;
    }

    /// <summary>
    /// The highest cut from which on the candidates weigh at least as much as wanted, by bisection over all floats;
    /// negative infinity when they do not. Takes 32 vectorised passes whatever the distribution.
    /// </summary>
    private float HighestCut(int count, float wanted)
    {
        long low = Order(float.NegativeInfinity);
        long high = (long)Order(float.PositiveInfinity);
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (WeightFrom(count, Value((int)middle)) >= wanted)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Value((int)low);
    }

    private float WeightFrom(int count, float cut)
    {
        var logits = _logits.AsSpan(0, count);
        var weights = _weights.AsSpan(0, count);
        var bound = new Vector<float>(cut);
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var kept = Vector.GreaterThanOrEqual(new Vector<float>(logits[i..]), bound);
            sums += Vector.ConditionalSelect(kept, new Vector<float>(weights[i..]), Vector<float>.Zero);
        }

        var sum = Vector.Sum(sums);
        for (; i < count; i++)
        {
            sum += logits[i] >= cut ? weights[i] : 0;
        }

        return sum;
    }

    // Floats in numerical order as integers in numerical order: negative ones count downwards.
    private static int Order(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : bits ^ int.MaxValue;
    }

    private static float Value(int order) => BitConverter.Int32BitsToSingle(order >= 0 ? order : order ^ int.MaxValue);
}
